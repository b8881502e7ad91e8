using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using static LifeRaft.SectionValue;

namespace LifeRaft;

/// <summary>
/// Reads <see cref="LifeRaftClusteringOptions"/> from a configuration section, for silos and clients alike; the keys of <c>Voters</c> are the
/// names of silos.
/// </summary>
internal static class LifeRaftClusteringOptionsBinder
{
    private static readonly SectionReader<LifeRaftClusteringOptions> Reader = new("LifeRaft's clustering", new()
    {
        [nameof(LifeRaftClusteringOptions.ListenOnAnyAddress)] = (options, text) => options.ListenOnAnyAddress = Truth(text),
        [nameof(LifeRaftClusteringOptions.RequestTimeout)] = (options, text) => options.RequestTimeout = Duration.ParseSetting(text),
        [nameof(LifeRaftClusteringOptions.Heartbeat)] = (options, text) => options.Heartbeat = Duration.ParseSetting(text),
        [nameof(LifeRaftClusteringOptions.ElectionMin)] = (options, text) => options.ElectionMin = Duration.ParseSetting(text),
        [nameof(LifeRaftClusteringOptions.ElectionMax)] = (options, text) => options.ElectionMax = Duration.ParseSetting(text),
        [nameof(LifeRaftClusteringOptions.Voters)] = (_, _) => { }, // Not one value, but one for each silo: see Set.
    });

    /// <summary>Sets what the section names, and leaves the rest as it is. Whether the values make sense together is the validator's question.</summary>
    /// <param name="section">The section whose keys are the properties of <see cref="LifeRaftClusteringOptions"/>, in letters of either case.</param>
    /// <param name="options">The options to change.</param>
    /// <exception cref="OptionsValidationException">Keys that are unknown and values that cannot be read, all of them, each with its path.</exception>
    public static void Bind(IConfiguration section, LifeRaftClusteringOptions options)
    {
        var problems = section.GetChildren().SelectMany(setting => Set(setting, options)).ToList();
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(LifeRaftClusteringOptions), problems);
        }
    }

    private static IEnumerable<string> Set(IConfigurationSection setting, LifeRaftClusteringOptions options)
    {
        if (!string.Equals(setting.Key, nameof(LifeRaftClusteringOptions.Voters), StringComparison.OrdinalIgnoreCase))
        {
            return Reader.Problems(setting, options);
        }

        return setting.Value is { Length: > 0 }
            ? [$"{setting.Path} is '{setting.Value}', but must be an object, for instance {{ \"silo-1\": \"10.0.0.1:12111\" }}."]
            : setting.GetChildren().SelectMany(voter => Problems(voter, endPoint => options.Voters[voter.Key] = endPoint));
    }
}
