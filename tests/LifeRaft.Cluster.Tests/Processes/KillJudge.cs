using LifeRaft.Chaos;

namespace LifeRaft.Cluster.Tests;

/// <summary>Reads everything back and says what is not as clients were told; it has an opinion of nothing else.</summary>
internal sealed class KillJudge(ProcessCluster cluster, KillLedger ledger)
{
    private readonly List<string> _findings = [];

    /// <summary>All silos run and nobody writes any more.</summary>
    public async Task<IReadOnlyList<string>> Findings()
    {
        _findings.AddRange(ledger.Surprises);
        var group = cluster.Group();
        group.Timeout = Wait.Patience;
        var found = new Dictionary<string, KeyValueEntry>();
        try
        {
            await foreach (var entry in new KeyValueStore(group).List())
            {
                found.Add(entry.Key, entry);
            }
        }
        catch (GroupUnavailableException failure)
        {
            throw new TimeoutException($"Reading everything back: expected an answer. {failure.Message} {await cluster.Describe()}");
        }

        JudgeEntries(found);
        await JudgeNodes(found.Count);
        return _findings;
    }

    private void JudgeEntries(Dictionary<string, KeyValueEntry> found)
    {
        var writes = ledger.Writes;
        foreach (var (key, fate) in writes)
        {
            var isThere = found.TryGetValue(key, out var entry);
            Expect(isThere || fate != KillLedger.Fate.Acknowledged, $"{key} was acknowledged and is lost");
            Expect(!isThere || fate != KillLedger.Fate.Refused, $"{key} was refused as not done and is there");
            Expect(!isThere || entry!.Version == 1, $"{key} ({fate}) has version {entry?.Version} instead of 1");
            Expect(!isThere || entry!.Value.Span.SequenceEqual(KillLedger.ValueOf(key)), $"{key} ({fate}) has another value than was written");
        }

        foreach (var key in found.Keys.Where(key => !writes.ContainsKey(key)))
        {
            Expect(false, $"{key} is there and was never written");
        }
    }

    /// <summary>Each key took one command and was written by it, so the keys are the commands: those acknowledged, and some of the unknown.</summary>
    private async Task JudgeNodes(int keys)
    {
        var hashes = await Wait.For(
            "all nodes have applied the same",
            Hashes,
            hashes => hashes.Select(hash => hash.Index).Distinct().Count() == 1,
            hashes => string.Join(", ", hashes.Select(hash => hash.Index)));
        Expect(hashes.Select(hash => hash.Hash).Distinct().Count() == 1, $"at index {hashes[0].Index} the states differ: {string.Join(", ", hashes.Select(hash => hash.Hash))}");
        foreach (var (silo, node) in cluster.Nodes)
        {
            var applied = await new KeyValueStore(new StaleReads(node)).CountApplied();
            Expect(applied == keys, $"the node on {silo} has applied {applied} commands, but {keys} keys were written");
        }
    }

    private async Task<StateHash[]> Hashes() => await Task.WhenAll(cluster.Nodes.Values.Select(node => node.StateHash()));

    private void Expect(bool holds, string finding)
    {
        if (!holds)
        {
            _findings.Add(finding);
        }
    }
}
