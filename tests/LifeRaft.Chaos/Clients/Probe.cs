using System.Diagnostics;

namespace LifeRaft.Chaos;

/// <summary>
/// Writes at once, and again and again without waiting for answers, so that the time until a write is acknowledged is the group's and
/// not that of a client who waits for an answer which does not come.
/// </summary>
internal sealed class Probe
{
    private static readonly TimeSpan _between = ChaosSettings.Timings.Heartbeat;

    private readonly ClientHistory _history;
    private readonly KeyValueStore[] _handles;
    private readonly List<Task> _writes = [];

    public Probe(ProcessCluster cluster, ClientHistory history, int handles)
    {
        _history = history;
        _handles = [.. Enumerable.Range(1, handles).Select(_ =>
        {
            var group = cluster.Group();
            group.Timeout = 2 * ChaosSettings.Timings.ElectionMax;
            return new KeyValueStore(group);
        })];
    }

    /// <summary>From that moment until the first write is acknowledged that began after it, whoever wrote it; null when there is none.</summary>
    public async Task<TimeSpan?> Measure(long from, string key, TimeSpan patience)
    {
        var acknowledged = _history.Acknowledged(from);
        for (var number = 0; !acknowledged.IsCompleted; number++)
        {
            if (Stopwatch.GetElapsedTime(from) > patience)
            {
                return null;
            }

            var handle = _handles[number % _handles.Length];
            _writes.Add(new ChaosClient(_history, handle, handle).Write(key));
            await Task.WhenAny(acknowledged, Task.Delay(_between));
        }

        return Stopwatch.GetElapsedTime(from, await acknowledged);
    }

    /// <summary>Once all writes have ended.</summary>
    public Task Ended() => Task.WhenAll(_writes);
}
