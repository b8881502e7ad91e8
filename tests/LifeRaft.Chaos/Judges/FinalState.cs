using LifeRaft.Simulation;

namespace LifeRaft.Chaos;

/// <summary>
/// When all is over and all silos run: reads everything back into the history, accounts for every write, and compares the nodes. It has
/// an opinion of nothing else.
/// </summary>
internal sealed class FinalState(ProcessCluster cluster, ClientHistory history)
{
    private readonly List<string> _findings = [];

    public async Task<IReadOnlyList<string>> Findings()
    {
        var found = await ReadBack();
        var keys = history.Keys;
        foreach (var (name, key) in keys)
        {
            Account(name, key, found.GetValueOrDefault(name));
        }

        foreach (var name in found.Keys.Where(name => !keys.ContainsKey(name)))
        {
            Expect(false, $"{name} is there and was never written");
        }

        await CompareNodes(least: keys.Values.Sum(key => key.Applied), most: keys.Values.Sum(key => key.Applied + key.Unknown));
        return _findings;
    }

    /// <summary>Every key is read once more, after all else, so that the checker sees whether what was last acknowledged is there.</summary>
    private async Task<Dictionary<string, KeyValueEntry>> ReadBack()
    {
        var group = cluster.Group();
        group.Timeout = Polling.Patience;
        var found = new Dictionary<string, KeyValueEntry>();
        var reads = history.Keys.Keys.Select(name => history.Begin(history.NewProcess(), OperationKind.Read, name)).ToList();
        await foreach (var entry in new KeyValueStore(group).List())
        {
            found.Add(entry.Key, entry);
        }

        foreach (var read in reads)
        {
            var entry = found.GetValueOrDefault(read.Key);
            history.Answered(read, entry is null ? null : ChaosClient.TextOf(entry.Value), entry?.Version ?? 0);
        }

        return found;
    }

    /// <summary>A version counts the writes of its key: the acknowledged ones, each by its own version, and some of the unknown.</summary>
    private void Account(string name, ClientHistory.KeyRecord key, KeyValueEntry? entry)
    {
        var version = entry?.Version ?? 0;
        foreach (var lost in key.Acknowledged.Where(write => write.Key > version))
        {
            Expect(false, $"{name}: the write of {lost.Value} was acknowledged as version {lost.Key} and is lost; the version is {version}");
        }

        var most = key.Acknowledged.Count + key.Unknown;
        Expect(version <= most, $"{name} has version {version}, but only {most} writes were acknowledged or are of unknown outcome");
    }

    private async Task CompareNodes(int least, int most)
    {
        (Agreed, var finding) = await NodeAgreement.Of(cluster.Nodes);
        if (finding is not null)
        {
            Expect(false, finding);
            return;
        }

        foreach (var (silo, node) in cluster.Nodes)
        {
            var applied = await new KeyValueStore(new StaleReads(node)).CountApplied();
            Expect(applied >= least && applied <= most, $"the node on {silo} has applied {applied} commands, but {least} were answered and {most - least} more are of unknown outcome");
        }
    }

    /// <summary>What the nodes agree on.</summary>
    public string Agreed { get; private set; } = "the nodes do not agree";

    private void Expect(bool holds, string finding)
    {
        if (!holds)
        {
            _findings.Add(finding);
        }
    }
}
