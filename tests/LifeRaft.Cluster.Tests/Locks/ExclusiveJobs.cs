using Medallion.Threading;

namespace LifeRaft.Cluster.Tests.Locks;

/// <summary>A service as applications have it: written against the package's interfaces, it knows nothing of LifeRaft.</summary>
public sealed class ExclusiveJobs(IDistributedLockProvider locks, IDistributedReaderWriterLockProvider readerWriterLocks, IDistributedSemaphoreProvider semaphores)
{
    /// <summary>Runs a job unless it runs anywhere else, and cancels it when it could run elsewhere.</summary>
    /// <returns>Whether it ran.</returns>
    public async Task<bool> TryRun(string job, Func<CancellationToken, Task> work, CancellationToken cancellationToken)
    {
        await using var handle = await locks.TryAcquireLockAsync(job, cancellationToken: cancellationToken);
        if (handle is null)
        {
            return false;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, handle.HandleLostToken);
        await work(either.Token);
        return true;
    }

    /// <summary>Reads what nobody writes meanwhile.</summary>
    public T Read<T>(string document, Func<T> read)
    {
        using (readerWriterLocks.AcquireReadLock(document, TimeSpan.FromSeconds(30)))
        {
            return read();
        }
    }

    /// <summary>Writes what nobody reads meanwhile.</summary>
    public void Write(string document, Action write)
    {
        using (readerWriterLocks.AcquireWriteLock(document, TimeSpan.FromSeconds(30)))
        {
            write();
        }
    }

    /// <summary>Uploads while fewer than so many others do.</summary>
    public async Task Upload(int atOnce, Func<Task> upload, CancellationToken cancellationToken)
    {
        await using var permit = await semaphores.AcquireSemaphoreAsync("uploads", atOnce, TimeSpan.FromSeconds(30), cancellationToken);
        await upload();
    }
}
