using LifeRaft.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Cluster.Tests;

/// <summary>The disks of all silos, which can be made to stand still: each after its next commit, so that what comes later is not durable.</summary>
internal sealed class HeldDisks : IDisposable
{
    private readonly ManualResetEventSlim _letGo = new(initialState: true);
    private readonly int _disks;
    private int _held;

    public HeldDisks(RaftCluster cluster)
    {
        foreach (var silo in cluster.Running)
        {
            var store = (GroupCommitLogStore)cluster.Services(silo).GetRequiredService<IRaftLogStore>();
            var told = store.Committed;
            store.Committed = batch =>
            {
                told?.Invoke(batch);
                Interlocked.Increment(ref _held);
                _letGo.Wait();
                Interlocked.Decrement(ref _held);
            };
            _disks++;
        }
    }

    /// <summary>Holds them, by a write of which every member has to know and which is acknowledged.</summary>
    public async Task Hold(Func<Task> write)
    {
        while (true)
        {
            _letGo.Reset();
            var written = write();
            await Wait.For("every disk stands still", () => Task.FromResult(Volatile.Read(ref _held)), held => held == _disks);
            if (written.IsCompleted)
            {
                await written;
                return;
            }

            // They may have stood still one write earlier, which was acknowledged a moment before.
            _letGo.Set();
            await written;
        }
    }

    public void LetGo() => _letGo.Set();

    /// <summary>Lets them go for good: a writer may be waiting yet when its silo goes down.</summary>
    public void Dispose() => LetGo();
}
