namespace LifeRaft.Chaos;

/// <summary>Whether all nodes of a group have come to the same state.</summary>
internal static class NodeAgreement
{
    /// <summary>What they agree on, for people, and the finding if they do not.</summary>
    public static async Task<(string Agreed, string? Finding)> Of(IReadOnlyDictionary<string, IRaftNode> nodes)
    {
        StateHash[] hashes;
        try
        {
            hashes = await Polling.For(
                "all nodes have applied the same",
                () => Task.WhenAll(nodes.Values.Select(node => node.StateHash())),
                hashes => hashes.Select(hash => hash.Index).Distinct().Count() == 1,
                hashes => string.Join(", ", hashes.Select(hash => hash.Index)));
        }
        catch (TimeoutException failure)
        {
            return ("the nodes do not agree", failure.Message);
        }

        return hashes.Select(hash => hash.Hash).Distinct().Count() == 1
            ? ($"all {hashes.Length} nodes have state {hashes[0].Hash[..16]} at index {hashes[0].Index}", null)
            : ("the nodes do not agree", $"at index {hashes[0].Index} the states differ: {string.Join(", ", hashes.Select(hash => hash.Hash))}");
    }
}
