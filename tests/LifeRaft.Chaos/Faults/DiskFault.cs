using LifeRaft.Protocol;

namespace LifeRaft.Chaos;

/// <summary>
/// A write to a silo's disk fails. The store must stop for good and its node with it, the process lives on; then the process is killed
/// and started again on a disk that is well.
/// </summary>
internal sealed class DiskFault(FaultKind kind, ProcessCluster cluster, string silo, TimeSpan hold)
    : Fault(kind, cluster.Disks.ContainsKey(silo) || kind == FaultKind.FailSync ? silo : $"{silo}, made to fail: no small disk can be mounted here", hold)
{
    public override bool RestartsSilos => true;

    private SmallDisk? FullDisk => Kind == FaultKind.FillDisk ? cluster.Disks.GetValueOrDefault(silo) : null;

    public override async Task Begin()
    {
        if (FullDisk is { } disk)
        {
            disk.Fill();
        }
        else
        {
            await cluster.Order(silo, Kind == FaultKind.FillDisk ? "fail disk" : "fail sync");
        }

        await Polling.For(
            $"the node on {silo} has stopped at a write that failed",
            () => cluster.Nodes[silo].Status(),
            node => node is { State: RaftState.Stopped, Failure.Length: > 0 });
    }

    public override async Task End()
    {
        await cluster.Kill(silo);
        FullDisk?.Free();
        await cluster.Start(silo);
    }
}
