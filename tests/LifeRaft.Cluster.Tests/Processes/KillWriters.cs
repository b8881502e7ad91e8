using LifeRaft.Chaos;

namespace LifeRaft.Cluster.Tests;

/// <summary>Clients that write at the same time, each key once, whatever happens to the silos.</summary>
internal sealed class KillWriters : IAsyncDisposable
{
    // Sets the pace, so that the log does not outgrow the test and silos that start are left some processor; nobody waits for anything here.
    private static readonly TimeSpan _pace = TimeSpan.FromMilliseconds(30);

    private readonly KillLedger _ledger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _writing;

    public KillWriters(ProcessCluster cluster, KillLedger ledger, int count, string round = "")
    {
        _ledger = ledger;
        _writing = Task.WhenAll(Enumerable.Range(1, count).Select(writer => Write($"{round}writer-{writer}", cluster.Group())).ToList());
    }

    /// <summary>Lets the writes that are under way come to an end.</summary>
    public async Task Stop()
    {
        await _stopping.CancelAsync();
        await _writing;
    }

    public async ValueTask DisposeAsync()
    {
        await Stop();
        _stopping.Dispose();
    }

    private async Task Write(string writer, RaftGroup group)
    {
        // Long enough for an election on a busy machine; short, because a silo that is killed leaves its callers without an answer.
        group.Timeout = TimeSpan.FromSeconds(2);
        var store = new KeyValueStore(group);
        for (var number = 1; !_stopping.IsCancellationRequested; number++)
        {
            await Write($"{writer}/{number}", store);
            await Task.Delay(_pace);
        }
    }

    private async Task Write(string key, KeyValueStore store)
    {
        try
        {
            var (succeeded, entry) = await store.CompareAndSwap(key, expectedVersion: 0, KillLedger.ValueOf(key));
            _ledger.Record(key, KillLedger.Fate.Acknowledged);
            if (!succeeded)
            {
                _ledger.Surprise($"{key} was fresh, but version {entry?.Version} was in the way: the command was applied twice.");
            }
        }
        catch (OutcomeUnknownException)
        {
            _ledger.Record(key, KillLedger.Fate.Unknown);
        }
        catch (Exception refusal) when (refusal is GroupUnavailableException or GroupNotFoundException or OverloadedException)
        {
            _ledger.Record(key, KillLedger.Fate.Refused);
        }
        catch (Exception failure)
        {
            _ledger.Record(key, KillLedger.Fate.Unknown);
            _ledger.Surprise($"{key} failed in a way that callers are not told of: {failure.GetType().Name}: {failure.Message}");
        }
    }
}
