using System.Collections.Concurrent;

namespace LifeRaft;

/// <summary>Tells the group in the background that claims are not wanted any more, until it has heard.</summary>
internal sealed class LockWithdrawals(LockSender sender) : IAsyncDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a process that ends waits for the group: a silo's services are disposed of when it is no longer to be reached.</summary>
    private static readonly TimeSpan _farewell = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<Task, byte> _underWay = [];
    private readonly CancellationTokenSource _finishing = new();

    /// <summary>A claim is not wanted any more. The task waits for the first attempt, and never fails.</summary>
    public Task Add(LockClaim claim)
    {
        var firstAttempt = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Run(() => Withdraw(claim, firstAttempt));
        return firstAttempt.Task;
    }

    /// <summary>Runs something that does not fail, outside of anybody's turn.</summary>
    public void Run(Func<Task> work)
    {
        var task = Detached.Run(work);
        _underWay.TryAdd(task, 0);
        task.ContinueWith(static (done, underWay) => ((ConcurrentDictionary<Task, byte>)underWay!).TryRemove(done, out _), _underWay, TaskScheduler.Default);
    }

    /// <summary>Waits for what is under way, which no longer tries more than once, but not for long.</summary>
    public async ValueTask DisposeAsync()
    {
        await _finishing.CancelAsync();
        try
        {
            await Task.WhenAll(_underWay.Keys).WaitAsync(_farewell, sender.Time);
        }
        catch (TimeoutException)
        {
            // What is held is free after its time to live.
        }
    }

    private async Task Withdraw(LockClaim claim, TaskCompletionSource firstAttempt)
    {
        var began = sender.Time.GetTimestamp();
        while (!await TryRelease(claim))
        {
            firstAttempt.TrySetResult();

            // By then the group has ended it by itself, and what may still have been on its way has come.
            if (sender.Time.GetElapsedTime(began) > claim.Options.TimeToLive + LockRules.Remembrance || !await Pause())
            {
                return;
            }
        }

        firstAttempt.TrySetResult();
    }

    private async Task<bool> TryRelease(LockClaim claim)
    {
        try
        {
            await sender.Send(claim, new ReleaseLock(claim.Id, claim.IsDoubtful), CancellationToken.None);
            return true;
        }
        catch (GroupNotFoundException)
        {
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return false;
        }
    }

    private async Task<bool> Pause()
    {
        try
        {
            await Task.Delay(_pause, sender.Time, _finishing.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
