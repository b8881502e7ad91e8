namespace LifeRaft.Chaos;

/// <summary>Connections between silos are cut or stalled. Those of the clients are not: what they are told is to be judged.</summary>
internal sealed class LinkFault(FaultKind kind, ProcessCluster cluster, IReadOnlyList<BrokenLink> links, string what, TimeSpan hold)
    : Fault(kind, what, hold)
{
    public override bool RestartsSilos => false;

    public override bool LeavesNoMajority => Kind == FaultKind.Split;

    public override Task Begin() => Task.WhenAll(links.SelectMany(Orders).GroupBy(order => order.Silo, order => order.Text).Select(Give));

    public override Task End() => Task.WhenAll(cluster.Silos.Select(silo => cluster.Order(silo, "heal")));

    // A silo knows whose a connection is only when it dialled it, and two silos may use either's: so what flows one way is stalled by both.
    private IEnumerable<(string Silo, string Text)> Orders(BrokenLink link) => link.IsCut
        ? [(link.From, $"cut {cluster.EndPointOf(link.To)}")]
        : [(link.From, $"stall {cluster.EndPointOf(link.To)} out"), (link.To, $"stall {cluster.EndPointOf(link.From)} in")];

    private async Task Give(IGrouping<string, string> orders)
    {
        foreach (var order in orders)
        {
            await cluster.Order(orders.Key, order);
        }
    }
}
