using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using static LifeRaft.SectionValue;

namespace LifeRaft.Hosting;

/// <summary>
/// Reads <see cref="RaftOptions"/> from a configuration section. It differs from .NET's own binder in two points: durations are read as
/// liferaft reads them (<c>150</c> is 150 ms, where a TimeSpan would be 150 days), and a key that is no option is an error.
/// </summary>
public static class RaftOptionsBinder
{
    private static readonly SectionReader<RaftOptions> Reader = new("LifeRaft", new()
    {
        [nameof(RaftOptions.Heartbeat)] = (options, text) => options.Heartbeat = Duration.ParseSetting(text),
        [nameof(RaftOptions.ElectionMin)] = (options, text) => options.ElectionMin = Duration.ParseSetting(text),
        [nameof(RaftOptions.ElectionMax)] = (options, text) => options.ElectionMax = Duration.ParseSetting(text),
        [nameof(RaftOptions.Threshold)] = (options, text) => options.Threshold = Fraction(text),
        [nameof(RaftOptions.MaximumCommandBytes)] = (options, text) => options.MaximumCommandBytes = Whole<int>(text),
        [nameof(RaftOptions.MaximumBytesPerAppend)] = (options, text) => options.MaximumBytesPerAppend = Whole<int>(text),
        [nameof(RaftOptions.MaximumAppendsInFlight)] = (options, text) => options.MaximumAppendsInFlight = Whole<int>(text),
        [nameof(RaftOptions.MaximumUncommittedBytes)] = (options, text) => options.MaximumUncommittedBytes = Whole<long>(text),
        [nameof(RaftOptions.CachedBytes)] = (options, text) => options.CachedBytes = Whole<long>(text),
        [nameof(RaftOptions.SnapshotAfterEntries)] = (options, text) => options.SnapshotAfterEntries = Whole<long>(text),
        [nameof(RaftOptions.SnapshotAfterBytes)] = (options, text) => options.SnapshotAfterBytes = Whole<long>(text),
        [nameof(RaftOptions.EntriesKeptBehindSnapshot)] = (options, text) => options.EntriesKeptBehindSnapshot = Whole<long>(text),
        [nameof(RaftOptions.SnapshotPartBytes)] = (options, text) => options.SnapshotPartBytes = Whole<int>(text),
        [nameof(RaftOptions.MaximumSnapshotPartsInFlight)] = (options, text) => options.MaximumSnapshotPartsInFlight = Whole<int>(text),
        [nameof(RaftOptions.LeaderPriority)] = (options, text) => options.LeaderPriority = Whole<int>(text),
        [nameof(RaftOptions.MaximumClockDrift)] = (options, text) => options.MaximumClockDrift = Fraction(text),
        [nameof(RaftOptions.QuietGroups)] = (options, text) => options.QuietGroups = Truth(text),
        [nameof(RaftOptions.CommandTimeout)] = (options, text) => options.CommandTimeout = Duration.ParseSetting(text),
        [nameof(RaftOptions.JoinTimeout)] = (options, text) => options.JoinTimeout = Duration.ParseSetting(text),
        [nameof(RaftOptions.HandOverTimeout)] = (options, text) => options.HandOverTimeout = Duration.ParseSetting(text),
        [nameof(RaftOptions.MessageTimeout)] = (options, text) => options.MessageTimeout = Duration.ParseSetting(text),
        [nameof(RaftOptions.AllowDestructiveCallsFromClients)] = (options, text) => options.AllowDestructiveCallsFromClients = Truth(text),
        [nameof(RaftOptions.MaximumPendingPerNode)] = (options, text) => options.MaximumPendingPerNode = Whole<int>(text),
        [nameof(RaftOptions.MaximumPendingBytesPerNode)] = (options, text) => options.MaximumPendingBytesPerNode = Whole<long>(text),
        [nameof(RaftOptions.MaximumPendingBytesPerSilo)] = (options, text) => options.MaximumPendingBytesPerSilo = Whole<long>(text),
        [nameof(RaftOptions.SessionTimeout)] = (options, text) => options.SessionTimeout = Duration.ParseSetting(text),
        [nameof(RaftOptions.MaximumSessions)] = (options, text) => options.MaximumSessions = Whole<int>(text),
        [nameof(RaftOptions.MaximumSessionResults)] = (options, text) => options.MaximumSessionResults = Whole<int>(text),
        [nameof(RaftOptions.MaximumSessionResultBytes)] = (options, text) => options.MaximumSessionResultBytes = Whole<long>(text),
        [nameof(RaftOptions.GroupsInMetrics)] = (options, text) => options.GroupsInMetrics = text,
        [nameof(RaftOptions.Groups)] = (_, _) => { }, // Not one value, but a declaration for each: see Set.
    });

    /// <summary>Sets what the section names, and leaves the rest as it is. Whether the values make sense together is the validator's question.</summary>
    /// <param name="section">The section whose keys are the properties of <see cref="RaftOptions"/>, in letters of either case.</param>
    /// <param name="options">The options to change.</param>
    /// <exception cref="OptionsValidationException">Keys that are unknown and values that cannot be read, all of them, each with its path.</exception>
    public static void Bind(IConfiguration section, RaftOptions options)
    {
        ArgumentNullException.ThrowIfNull(section);
        ArgumentNullException.ThrowIfNull(options);
        var problems = section.GetChildren().SelectMany(setting => Set(setting, options)).ToList();
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(Options.DefaultName, typeof(RaftOptions), problems);
        }
    }

    private static IEnumerable<string> Set(IConfigurationSection setting, RaftOptions options)
    {
        if (string.Equals(setting.Key, nameof(RaftOptions.Groups), StringComparison.OrdinalIgnoreCase))
        {
            return setting.GetChildren().SelectMany(group => Declare(group, options));
        }

        return Reader.Problems(setting, options);
    }

    private static IEnumerable<string> Declare(IConfigurationSection group, RaftOptions options)
    {
        var declaration = new GroupDeclaration();
        options.Groups[group.Key] = declaration;
        return group.Value is { Length: > 0 }
            ? [$"{group.Path} is '{group.Value}', but a group is declared by an object, for instance {{ \"Members\": 3 }}."]
            : group.GetChildren().SelectMany(setting => string.Equals(setting.Key, nameof(GroupDeclaration.Members), StringComparison.OrdinalIgnoreCase)
                ? SectionValue.Problems(setting, text => declaration.Members = Whole<int>(text))
                : [$"{setting.Path} is no part of the declaration of a group; {nameof(GroupDeclaration.Members)} is. Correct or remove it."]);
    }
}
