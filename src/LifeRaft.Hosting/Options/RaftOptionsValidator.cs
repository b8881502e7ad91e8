using System.Globalization;
using Microsoft.Extensions.Options;

namespace LifeRaft.Hosting;

/// <summary>Refuses options that cannot work, with every problem at once: property, value and rule.</summary>
public sealed class RaftOptionsValidator : IValidateOptions<RaftOptions>
{
    private const int SixteenMebibytes = 16 * 1024 * 1024;
    private const long OneGibibyte = 1024L * 1024 * 1024;
    private const long SixteenGibibytes = 16L * 1024 * 1024 * 1024;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, RaftOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = Problems(options).Select(problem => $"{nameof(RaftOptions)}.{problem}").ToList();
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static IEnumerable<string> Problems(RaftOptions options) =>
    [
        .. options.Timings().Problems(),
        .. Between(nameof(options.MaximumCommandBytes), options.MaximumCommandBytes, 1, SixteenMebibytes),
        .. Between(nameof(options.MaximumBytesPerAppend), options.MaximumBytesPerAppend, 1024, SixteenMebibytes),
        .. Between(nameof(options.MaximumAppendsInFlight), options.MaximumAppendsInFlight, 1, 1024),
        .. Between(nameof(options.MaximumUncommittedBytes), options.MaximumUncommittedBytes, 1, SixteenGibibytes),
        .. RoomForOneCommand(nameof(options.MaximumUncommittedBytes), options.MaximumUncommittedBytes, options.MaximumCommandBytes),
        .. Between(nameof(options.CachedBytes), options.CachedBytes, 0, SixteenGibibytes),
        .. Between(nameof(options.SnapshotAfterEntries), options.SnapshotAfterEntries, 1, 1_000_000_000),
        .. Between(nameof(options.SnapshotAfterBytes), options.SnapshotAfterBytes, 1024, 64 * SixteenGibibytes),
        .. Between(nameof(options.EntriesKeptBehindSnapshot), options.EntriesKeptBehindSnapshot, 0, 1_000_000_000),
        .. Between(nameof(options.SnapshotPartBytes), options.SnapshotPartBytes, 1024, SixteenMebibytes),
        .. Between(nameof(options.MaximumSnapshotPartsInFlight), options.MaximumSnapshotPartsInFlight, 1, 1024),
        .. Between(nameof(options.LeaderPriority), options.LeaderPriority, -1000, 1000),
        .. Drift(options.MaximumClockDrift),
        .. Between(nameof(options.CommandTimeout), options.CommandTimeout),
        .. Between(nameof(options.JoinTimeout), options.JoinTimeout),
        .. Between(nameof(options.HandOverTimeout), options.HandOverTimeout),
        .. Between(nameof(options.MessageTimeout), options.MessageTimeout),
        .. Between(nameof(options.MaximumPendingPerNode), options.MaximumPendingPerNode, 1, 10_000_000),
        .. Between(nameof(options.MaximumPendingBytesPerNode), options.MaximumPendingBytesPerNode, 1, SixteenGibibytes),
        .. RoomForOneCommand(nameof(options.MaximumPendingBytesPerNode), options.MaximumPendingBytesPerNode, options.MaximumCommandBytes, RequestLoad.BytesOfRequest),
        .. Between(nameof(options.MaximumPendingBytesPerSilo), options.MaximumPendingBytesPerSilo, 1, SixteenGibibytes),
        .. RoomForOneCommand(nameof(options.MaximumPendingBytesPerSilo), options.MaximumPendingBytesPerSilo, options.MaximumCommandBytes, RequestLoad.BytesOfRequest),
        .. Between(nameof(options.SessionTimeout), options.SessionTimeout, TimeSpan.FromSeconds(1)),
        .. Between(nameof(options.MaximumSessions), options.MaximumSessions, 1, 1_000_000),
        .. Between(nameof(options.MaximumSessionResults), options.MaximumSessionResults, 1, 100_000),
        .. Between(nameof(options.MaximumSessionResultBytes), options.MaximumSessionResultBytes, 0, OneGibibyte),
        .. options.Groups.SelectMany(group => Declared(group.Key, group.Value)),
        .. Measured(options.MeasuredGroups()),
    ];

    private static IEnumerable<string> Declared(string name, GroupDeclaration group)
    {
        if (GroupName.ProblemOf(name) is { } problem)
        {
            yield return $"Groups: {problem}";
        }

        if (group.Members is not (1 or 3 or 5 or 7 or 9))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"Groups['{name}'].Members must be 1, 3, 5, 7 or 9, but is {group.Members}: an even number survives no more losses than one less.");
        }
    }

    private static IEnumerable<string> Measured(string[] groups)
    {
        const int Most = 100;
        if (groups.Length > Most)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"GroupsInMetrics must name at most {Most} groups, but names {groups.Length}: each has time series of its own.");
        }

        foreach (var problem in groups.Select(GroupName.ProblemOf).OfType<string>())
        {
            yield return $"GroupsInMetrics: {problem}";
        }
    }

    private static IEnumerable<string> Between(string property, long value, long least, long most)
    {
        if (value < least || value > most)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{property} must be from {least} to {most}, but is {value}.");
        }
    }

    private static IEnumerable<string> Between(string property, TimeSpan value) => Between(property, value, TimeSpan.FromMilliseconds(1));

    private static IEnumerable<string> Between(string property, TimeSpan value, TimeSpan least)
    {
        var most = TimeSpan.FromDays(1);
        if (value < least || value > most)
        {
            yield return $"{property} must be from {Duration.Format(least)} to {Duration.Format(most)}, but is {Duration.Format(value)}.";
        }
    }

    private static IEnumerable<string> Drift(double drift)
    {
        if (drift is not (>= 0 and <= 10))
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"MaximumClockDrift must be from 0 to 10, but is {drift}.");
        }
    }

    /// <param name="property">What bounds commands together.</param>
    /// <param name="bytes">Its value.</param>
    /// <param name="largest">The largest command.</param>
    /// <param name="besides">What each command takes of the bound besides its content.</param>
    private static IEnumerable<string> RoomForOneCommand(string property, long bytes, long largest, int besides = 0)
    {
        if (bytes < largest + besides)
        {
            var and = besides > 0 ? string.Create(CultureInfo.InvariantCulture, $" and {besides} B") : "";
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $"{property} ({bytes}) must not be smaller than MaximumCommandBytes ({largest}){and}, or the largest commands are refused for ever.");
        }
    }
}
