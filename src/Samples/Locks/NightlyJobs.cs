using Medallion.Threading;

namespace LifeRaft.Samples;

/// <summary>A service that is written against the DistributedLock package: Redis or PostgreSQL would do as well, and it knows nothing of LifeRaft.</summary>
public sealed class NightlyJobs(IDistributedLockProvider locks, IDistributedSemaphoreProvider semaphores)
{
    /// <summary>Runs a job unless it runs elsewhere. The job is cancelled before another host can run it.</summary>
    public async Task<bool> TryRun(string job, Func<CancellationToken, Task> work)
    {
        await using var handle = await locks.TryAcquireLockAsync(job);
        if (handle is null)
        {
            return false;
        }

        await work(handle.HandleLostToken);
        return true;
    }

    /// <summary>Whether one more upload may begin, beside at most one other.</summary>
    public IDisposable? TryBeginUpload() => semaphores.TryAcquireSemaphore("uploads", maxCount: 2);
}
