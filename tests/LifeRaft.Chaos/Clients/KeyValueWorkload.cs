using System.Diagnostics;

namespace LifeRaft.Chaos;

/// <summary>Clients that read and write keys.</summary>
internal sealed class KeyValueWorkload(ProcessCluster cluster, ClientHistory history, ChaosSettings settings) : IWorkload
{
    // So many writes, one after the other, before the first fault: what is lost must have been there.
    private const int WritesBefore = 50;

    private readonly Probe _probe = new(cluster, history, handles: settings.Silos);
    private readonly ChaosClients _clients = new(cluster, history, settings.Clients, settings.Seed, settings.Plant == PlantedFault.StaleReads);

    public string Progress => "writes acknowledged";

    public async Task UnderWay(CancellationToken cancellationToken)
    {
        for (var write = 0; write < WritesBefore; write++)
        {
            await history.Acknowledged(Stopwatch.GetTimestamp()).WaitAsync(ChaosSettings.Patience, cancellationToken);
        }
    }

    public Task<TimeSpan?> Measure(long from, string what, TimeSpan patience) => _probe.Measure(from, what, patience);

    public void Surprise(string what) => history.Surprise(what);

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();
        await _probe.Ended();
    }
}
