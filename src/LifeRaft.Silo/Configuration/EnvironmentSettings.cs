using System.Collections;
using Microsoft.Extensions.Configuration;

namespace LifeRaft.Silo;

/// <summary>
/// Settings from the environment, <c>LIFERAFT_Silo__Port=11112</c>. Only names with two underscores are settings: <c>LIFERAFT_GATEWAYS</c> and
/// the like belong to the tool.
/// </summary>
internal sealed class EnvironmentSettings : ConfigurationProvider, IConfigurationSource, ISettingOrigin
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

    private static bool IsMisspelt(string name) =>
        !name.Contains(Separator, StringComparison.Ordinal)
        && SettingProperties.Of(typeof(SiloConfiguration)).Any(section => SettingProperties.Of(section.PropertyType).Any(setting =>
            name.Equals($"{Prefix}{section.Name}_{setting.Name}", StringComparison.OrdinalIgnoreCase)));
}
