using System.Globalization;

namespace LifeRaft.Cli;

/// <summary>When all is written: reads everything back, and compares the nodes with each other.</summary>
internal sealed class Proof(DemoCluster cluster, WriteLedger ledger, Poll poll, DemoScreen screen, DemoFigures figures)
{
    public async Task Run(CancellationToken cancellationToken)
    {
        var store = cluster.Running[0].Store;
        var entries = new Dictionary<string, KeyValueEntry>();
        screen.Now(() => string.Create(CultureInfo.InvariantCulture, $"Reading back: {entries.Count:N0} entries"));
        await foreach (var entry in store.List(cancellationToken: cancellationToken))
        {
            entries[entry.Key] = entry;
        }

        ReadBack.Compare(ledger.Outcomes(), entries, await store.CountApplied(cancellationToken), figures);
        screen.Done(string.Create(CultureInfo.InvariantCulture, $"read back {entries.Count:N0} entries: {figures.Lost:N0} writes lost, {figures.Duplicated:N0} duplicated"));
        await CompareNodes();
    }

    private async Task CompareNodes()
    {
        screen.Now(() => "Comparing the nodes");
        var states = await poll.Until(Hashes, states => states.Select(state => state.Hash.Index).Distinct().Count() == 1);
        foreach (var (node, state) in states)
        {
            (figures.StateIndex[node], figures.StateHash[node]) = (state.Index.Value, state.Hash);
        }

        if (figures.StateHash.Count != DemoCluster.Size || figures.StateHash.Values.Distinct().Count() != 1)
        {
            figures.Problems.Add($"The nodes hold different states at index {states[0].Hash.Index}: {string.Join(", ", figures.StateHash.Select(node => $"{node.Key} has {node.Value}"))}.");
            return;
        }

        screen.Done(string.Create(CultureInfo.InvariantCulture, $"all {states.Count} nodes hold the same state at index {states[0].Hash.Index.Value:N0}"));
    }

    private async Task<IReadOnlyList<(string Node, StateHash Hash)>> Hashes() => await Task.WhenAll(
        cluster.Running.Select(async silo => (DemoCluster.NodeOf(silo.Name), await cluster.NodeAt(silo).StateHash())));
}
