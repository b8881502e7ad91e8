namespace LifeRaft.Chaos;

/// <summary>SIGSTOP and SIGCONT: the silos stand still, and go on where they were.</summary>
internal sealed class PauseFault(FaultKind kind, ProcessCluster cluster, IReadOnlyList<string> silos, TimeSpan hold)
    : Fault(kind, string.Join(", ", silos), hold)
{
    public override bool RestartsSilos => false;

    public override Task Begin()
    {
        foreach (var silo in silos)
        {
            cluster.Pause(silo);
        }

        return Task.CompletedTask;
    }

    public override Task End()
    {
        foreach (var silo in silos)
        {
            cluster.Resume(silo);
        }

        return Task.CompletedTask;
    }
}
