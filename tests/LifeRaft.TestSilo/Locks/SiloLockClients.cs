namespace LifeRaft.TestSilo;

/// <summary>
/// Clients of locks that live and die with this silo, and are cut off and stand still with it: one that contends for locks, one that campaigns, and one that
/// holds a lock for as long as the process lives. What happens to them goes to the standard output, a line each.
/// </summary>
internal sealed class SiloLockClients : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly RaftLocks _locks;
    private readonly Task _working;

    public SiloLockClients(IGrainFactory grains, string silo)
    {
        _locks = new RaftLocks(grains.GetRaftGroup(LockNames.Group));
        _working = Task.WhenAll(
            Run($"{silo}/contender", Holding.AnyLock, new LockHabits()),
            Run($"{silo}/candidate", Holding.Leadership($"{silo}/candidate"), new LockHabits { Most = TimeSpan.FromSeconds(1) }),
            Run($"{silo}/mortal", Holding.Of(LockNames.LifeOf(silo), silo), new LockHabits { NeverReleases = true, Pace = TimeSpan.FromMilliseconds(50) }));
    }

    /// <summary>Lets go of all that they hold.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _working;
        await _locks.DisposeAsync();
        _stopping.Dispose();
    }

    private Task Run(string name, Holding.Acquisition acquire, LockHabits habits) =>
        new LockClient(name, acquire, habits, new Random(), one => Console.WriteLine(one)).Run(() => new LockConnection(_locks), _stopping.Token);
}
