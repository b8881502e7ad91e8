using System.Globalization;

namespace LifeRaft.Cli;

/// <summary>
/// Compares what the group holds with what its clients were told. A fresh key written by compare-and-swap has version 1, whoever looks;
/// and since a second application of the same command would be refused without a trace in the keys, the machine's count of commands must
/// be that of the clients too.
/// </summary>
internal static class ReadBack
{
    /// <param name="outcomes">What the clients were told, by write.</param>
    /// <param name="entries">All that the group holds.</param>
    /// <param name="applied">How many commands the group's machine has counted.</param>
    /// <param name="figures">Where the findings go.</param>
    public static void Compare(IReadOnlyList<WriteOutcome> outcomes, IReadOnlyDictionary<string, KeyValueEntry> entries, long applied, DemoFigures figures)
    {
        var writes = outcomes.Select((outcome, write) => (Key: WriteLedger.KeyOf(write), Write: write, Outcome: outcome)).ToList();
        bool IsThere(string key) => entries.ContainsKey(key);

        var acknowledged = writes.Where(write => write.Outcome == WriteOutcome.Acknowledged).ToList();
        var missing = acknowledged.Where(write => !IsThere(write.Key)).Select(write => write.Key).ToList();
        var damaged = writes.Where(write => IsThere(write.Key) && !entries[write.Key].Value.Span.SequenceEqual(WriteLedger.ValueOf(write.Write)))
            .Select(write => write.Key).ToList();
        var rewritten = entries.Values.Where(entry => entry.Version != 1).Select(entry => entry.Key).ToList();
        var refused = writes.Where(write => write.Outcome == WriteOutcome.Refused).Select(write => write.Key).ToList();
        var unknown = writes.Where(write => write.Outcome == WriteOutcome.Unknown).ToList();
        var foreign = entries.Keys.Except(writes.Select(write => write.Key)).ToList();

        figures.Acknowledged = acknowledged.Count;
        figures.Lost = missing.Count + damaged.Count;
        figures.Unknown = unknown.Count;
        figures.UnknownApplied = unknown.Count(write => IsThere(write.Key));
        figures.CommandsApplied = applied;

        // A refused command was applied, too: it is counted where it should have been the first one.
        var expected = acknowledged.Count + figures.UnknownApplied.Value + refused.Count;
        figures.Duplicated = Math.Max(rewritten.Count, Math.Max(refused.Count, applied - expected));

        Report(figures, missing, "acknowledged, but not there");
        Report(figures, damaged, "there with a value that nobody wrote");
        Report(figures, rewritten, "of another version than 1, so written more than once");
        Report(figures, refused, "refused, because there before: the command was applied twice");
        Report(figures, foreign, "there, but nobody wrote it");
        if (applied != expected)
        {
            figures.Problems.Add(string.Create(CultureInfo.InvariantCulture, $"The state machine has applied {applied:N0} commands instead of {expected:N0} ({acknowledged.Count:N0} acknowledged, {figures.UnknownApplied:N0} of unknown outcome but there, {refused.Count:N0} refused)."));
        }
    }

    private static void Report(DemoFigures figures, List<string> keys, string what)
    {
        if (keys.Count > 0)
        {
            figures.Problems.Add(string.Create(CultureInfo.InvariantCulture, $"{keys.Count:N0} writes are wrong, the first is {keys[0]}: {what}."));
        }
    }
}
