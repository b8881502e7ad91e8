namespace LifeRaft.Chaos;

/// <summary>SIGKILL and a restart.</summary>
internal sealed class KillFault(FaultKind kind, ProcessCluster cluster, IReadOnlyList<string> silos, TimeSpan hold)
    : Fault(kind, string.Join(", ", silos), hold)
{
    public override bool RestartsSilos => true;

    public override bool LeavesNoMajority => Kind == FaultKind.KillAll;

    public override Task Begin() => cluster.Kill(silos);

    public override Task End() => cluster.Start(silos);
}
