using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LifeRaft.Hosting;

/// <summary>
/// Says what concerns a whole silo once for it, not once for each of its thousands of nodes: a silo that does not answer, a slow disk,
/// overload.
/// </summary>
internal sealed partial class SiloTelemetry(RaftInstruments instruments, RaftGauges gauges, IOptions<RaftOptions> options, TimeProvider time, ILoggerFactory loggers)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMinutes(1);
    private readonly ILogger _logger = loggers.CreateLogger<SiloRaft>();
    private readonly Throttle _slowSyncs = new(time, _pause);
    private readonly Throttle _refusals = new(time, _pause);
    private readonly Dictionary<string, int> _silent = [];

    /// <summary>What its nodes are like, for whoever collects it. They live as long as this does.</summary>
    public RaftGauges Gauges => gauges;

    /// <summary>What a node of this silo tells.</summary>
    public NodeTelemetry Of(NodeKey node) => new(node, this, new NodeMeter(instruments, instruments.TagsOf(node)), time, loggers.CreateLogger<RaftNodeGrain>());

    /// <summary>The log store begins its work.</summary>
    public void Opened(IRaftLogStore store)
    {
        if (store is GroupCommitLogStore own)
        {
            own.Committed = Synced;
            instruments.Meter.CreateObservableUpDownCounter("liferaft.log.queue.length", () => (long)own.Queued, "{write}", "Writes that wait for the log store.");
        }

        _ = AwaitEnd(store);
    }

    /// <summary>A request was refused because too much was waiting.</summary>
    public void Refused(NodeKey node)
    {
        if (_refusals.Admits(out var heldBack))
        {
            LogOverloaded(node, heldBack);
        }
    }

    /// <summary>A leader here does not hear a member on that silo any more.</summary>
    public void Lost(string silo, NodeKey leader)
    {
        lock (_silent)
        {
            if ((_silent[silo] = _silent.GetValueOrDefault(silo) + 1) == 1)
            {
                LogSiloSilent(silo, leader);
            }
        }
    }

    /// <summary>The leader hears the member again, or leads no more.</summary>
    public void Found(string silo)
    {
        lock (_silent)
        {
            if ((_silent[silo] = _silent.GetValueOrDefault(silo) - 1) <= 0)
            {
                _silent.Remove(silo);
                LogSiloHeard(silo);
            }
        }
    }

    private void Synced(CommittedBatch batch)
    {
        instruments.Committed(batch);
        if (batch.Duration >= options.Value.ElectionMin && _slowSyncs.Admits(out var heldBack))
        {
            LogSlowSync(batch.Duration.TotalMilliseconds, batch.Entries, batch.Bytes, heldBack);
        }
    }

    private async Task AwaitEnd(IRaftLogStore store) => LogStoreStopped(await store.Stopped);
}
