using System.Collections;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace LifeRaft.Silo;

/// <summary>
/// Settings from the environment, <c>LIFERAFT_Silo__Port=11112</c>. Only names with two underscores are settings: <c>LIFERAFT_GATEWAYS</c> and
/// the like belong to the tool.
/// </summary>
internal sealed partial class EnvironmentSettings : ConfigurationProvider, IConfigurationSource, ISettingOrigin
{
    private const string Prefix = "LIFERAFT_";
    private const string Separator = "__";

    private readonly Dictionary<string, string> _variables;

    /// <param name="environment">The variables of the process, of which those with the prefix matter.</param>
    public EnvironmentSettings(IDictionary environment) => _variables = environment.Keys.Cast<string>()
        .Where(name => name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        .ToDictionary(name => name, name => (string?)environment[name] ?? "");

    /// <summary>Variables that are no settings, but were probably meant to be.</summary>
    public IEnumerable<string> Problems => _variables.Keys.Where(IsMisspelt)
        .Select(name => $"environment: {name} is no setting: two underscores stand between section and key. Write '{Prefix}{name[Prefix.Length..].Replace("_", Separator, StringComparison.Ordinal)}', or remove it.");

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    public override void Load()
    {
        foreach (var (name, value) in _variables.Where(variable => variable.Key.Contains(Separator, StringComparison.Ordinal)))
        {
            Data[PathOf(name)] = value;
        }
    }

    public string OriginOf(string path) =>
        $"environment, {_variables.Keys.FirstOrDefault(name => PathOf(name).StartsWith(path, StringComparison.OrdinalIgnoreCase)) ?? Prefix + path.Replace(":", Separator, StringComparison.Ordinal)}";

    private static string PathOf(string name) => name[Prefix.Length..].Replace(Separator, ConfigurationPath.KeyDelimiter, StringComparison.Ordinal);

    private bool IsMisspelt(string name) =>
        !name.Contains(Separator, StringComparison.Ordinal)
        && !IsOfKubernetes(name)
        && SettingProperties.Of(typeof(SiloConfiguration)).Any(section => name.StartsWith($"{Prefix}{section.Name}_", StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether Kubernetes tells every pod so of a service whose name begins with <c>liferaft-</c>.</summary>
    private bool IsOfKubernetes(string name) => OfService().IsMatch(name) || (name.EndsWith("_PORT", StringComparison.Ordinal) && _variables[name].Contains("://", StringComparison.Ordinal));

    [GeneratedRegex("_SERVICE_HOST$|_SERVICE_PORT(_[A-Z0-9_]+)?$|_PORT_[0-9]+_(TCP|UDP|SCTP)(_[A-Z]+)?$")]
    private static partial Regex OfService();
}
