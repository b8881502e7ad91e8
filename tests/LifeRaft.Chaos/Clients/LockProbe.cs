using LifeRaft.TestSilo;

namespace LifeRaft.Chaos;

/// <summary>Asks for a lock that nobody else wants, and for another without waiting for the answer: as <see cref="Probe"/>, with locks.</summary>
internal sealed class LockProbe : IAsyncDisposable
{
    private static readonly TimeSpan _between = ChaosSettings.Timings.Heartbeat;
    private static readonly LockOptions _options = LockOptions.Default with { TimeToLive = LockNames.TimeToLive };

    private readonly LockRecord _record;
    private readonly RaftLocks[] _handles;
    private readonly List<Task> _attempts = [];

    public LockProbe(ProcessCluster cluster, LockRecord record, int handles)
    {
        _record = record;
        _handles = [.. Enumerable.Range(1, handles).Select(_ =>
        {
            var group = cluster.Group(LockNames.Group);
            group.Timeout = 2 * ChaosSettings.Timings.ElectionMax;
            return new RaftLocks(group);
        })];
    }

    /// <summary>From that moment until the first lock was acquired that was asked for after it, whoever did; null when there is none.</summary>
    public async Task<TimeSpan?> Measure(TimeSpan from, string name, TimeSpan patience)
    {
        var acquired = _record.Acquired(from);
        for (var number = 0; !acquired.IsCompleted; number++)
        {
            if (LockEvent.Now - from > patience)
            {
                return null;
            }

            _attempts.Add(Acquire(_handles[number % _handles.Length], $"probe/{name}/{number}", $"driver/probe-{number}"));
            await Task.WhenAny(acquired, Task.Delay(_between));
        }

        return await acquired - from;
    }

    /// <summary>Once all attempts have ended.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_attempts);
        foreach (var handle in _handles)
        {
            await handle.DisposeAsync();
        }
    }

    private async Task Acquire(RaftLocks handle, string name, string client)
    {
        var asked = LockEvent.Now;
        try
        {
            await using var held = await handle.TryAcquire(name, TimeSpan.Zero, _options);
            if (held is not null) // Else the answer came too late, and a second request found the first one.
            {
                _record.Add(new LockEvent(LockEventKind.Granted, name, client, held.FencingToken.Value, asked, LockEvent.Now));
                _record.Add(new LockEvent(LockEventKind.Released, name, client, held.FencingToken.Value, asked, LockEvent.Now));
            }
        }
        catch (Exception refusal) when (refusal is GroupUnavailableException or GroupNotFoundException or OverloadedException)
        {
            // The next attempt may get through.
        }
    }
}
