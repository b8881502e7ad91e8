using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace LifeRaft;

/// <summary>
/// Sets options from a configuration section whose keys are known. It differs from .NET's own binder in two points: values are read by
/// <see cref="SectionValue"/>, and a key that is none is an error.
/// </summary>
/// <param name="what">What has the options, for errors.</param>
/// <param name="setters">How each key, in letters of either case, is set.</param>
internal sealed class SectionReader<TOptions>(string what, Dictionary<string, Action<TOptions, string>> setters)
{
    private readonly Dictionary<string, Action<TOptions, string>> _setters = new(setters, StringComparer.OrdinalIgnoreCase);

    /// <summary>Sets what the section names, and leaves the rest as it is.</summary>
    /// <exception cref="OptionsValidationException">Keys that are unknown and values that cannot be read, all of them, each with its path.</exception>
    public void Read(IConfiguration section, TOptions options)
    {
        var problems = section.GetChildren().SelectMany(setting => Problems(setting, options)).ToList();
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(Microsoft.Extensions.Options.Options.DefaultName, typeof(TOptions), problems);
        }
    }

    /// <summary>Sets one option, and returns what is wrong with it.</summary>
    public IEnumerable<string> Problems(IConfigurationSection setting, TOptions options) => _setters.TryGetValue(setting.Key, out var set)
        ? SectionValue.Problems(setting, text => set(options, text))
        : [$"{setting.Path} is no option of {what}. The nearest is '{NearestName.To(setting.Key, _setters.Keys)}'; correct or remove it."];
}
