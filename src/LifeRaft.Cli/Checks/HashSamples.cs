namespace LifeRaft.Cli;

/// <summary>One member's state, for the comparison.</summary>
/// <param name="Node">Its address.</param>
/// <param name="Index">The index that the hash belongs to; null when it did not say.</param>
/// <param name="Hash">The hash.</param>
/// <param name="Problem">Why it did not say.</param>
internal sealed record HashRow(string Node, long? Index, string? Hash, string? Problem);

/// <summary>What the members' hashes say by now.</summary>
/// <param name="Rows">The members, at the common index where there is one.</param>
/// <param name="Common">The highest index at which all members that answer were seen; null for none.</param>
/// <param name="Problem">What keeps the answer from being yes, now; null for a yes.</param>
/// <param name="IsDecided">Whether asking again could not change the answer.</param>
internal sealed record HashSamples(IReadOnlyList<HashRow> Rows, long? Common, string? Problem, bool IsDecided)
{
    /// <param name="seen">By node, the hash at each index at which it was seen.</param>
    /// <param name="problems">By node, why it does not answer.</param>
    public static HashSamples Of(IReadOnlyDictionary<string, SortedDictionary<long, string>> seen, IReadOnlyDictionary<string, string> problems)
    {
        var heard = seen.Where(node => node.Value.Count > 0).ToList();
        var indexes = heard.Count == 0 ? [] : heard.Skip(1).Aggregate(heard[0].Value.Keys.ToHashSet(), (all, node) => [.. all.Intersect(node.Value.Keys)]);
        long? common = indexes.Count > 0 ? indexes.Max() : null;
        var rows = seen.OrderBy(node => node.Key, StringComparer.Ordinal).Select(node => Row(node.Key, node.Value, common, problems.GetValueOrDefault(node.Key))).ToList();
        var different = indexes.Where(index => heard.Select(node => node.Value[index]).Distinct().Count() > 1).Order().ToList();
        if (different is [var first, ..])
        {
            // A difference stays one, whatever is written afterwards.
            rows = [.. rows.Select(row => seen[row.Node].TryGetValue(first, out var hash) ? row with { Index = first, Hash = hash } : row)];
            return new HashSamples(rows, first, $"The members' states DIFFER at index {Figures.Of(first)}. Take them out of service but those that agree, and report it.", IsDecided: true);
        }

        var missing = rows.Where(row => row.Hash is null).Select(row => row.Node).ToList();
        if (missing.Count > 0)
        {
            return new HashSamples(rows, common, $"Not compared with all: {string.Join(", ", missing)} gave no hash.", IsDecided: common is not null || heard.Count == 0);
        }

        return common is null
            ? new HashSamples(rows, common, "The members were never seen at the same index. Write less while it is compared, or give it longer with --timeout.", IsDecided: false)
            : new HashSamples(rows, common, null, IsDecided: true);
    }

    private static HashRow Row(string node, SortedDictionary<long, string> seen, long? common, string? problem) => seen.Count == 0
        ? new HashRow(node, null, null, problem ?? "gave no hash")
        : common is { } index && seen.TryGetValue(index, out var hash) ? new HashRow(node, index, hash, null) : new HashRow(node, seen.Keys.Last(), seen.Values.Last(), null);
}
