using System.Runtime.CompilerServices;

namespace LifeRaft;

/// <summary>
/// Locks that a group keeps: the client of a group that replicates a <see cref="LockMachine"/>. What is acquired here is kept alive here,
/// all of it by one command every few seconds, and is free again within its time to live when this process dies. Safe for concurrent use;
/// one for each process and group is enough.
/// </summary>
/// <remarks>
/// Every method may fail with the exceptions of <see cref="IRaftCommands"/>, but for <see cref="OutcomeUnknownException"/>: what is not
/// known is asked again, and what was not wanted any more is withdrawn in the background. A failure leaves nothing behind.
/// </remarks>
public sealed class RaftLocks : IAsyncDisposable
{
    private readonly LockSender _sender;
    private readonly LockKeeper _keeper;
    private readonly LockWithdrawals _withdrawals;
    private readonly CancellationTokenSource _closing = new();
    private Task? _closed;

    /// <param name="group">The group, from <c>GetRaftGroup</c>.</param>
    /// <param name="time">The clock by which this process counts what it holds; the system's by default.</param>
    public RaftLocks(IRaftCommands group, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(group);
        _sender = new LockSender(group, time ?? TimeProvider.System);
        _keeper = new LockKeeper(claims => _sender.Keep(claims), _sender.Time);
        _withdrawals = new LockWithdrawals(_sender);
    }

    /// <summary>Acquires a lock, waiting for it as long as it takes.</summary>
    /// <param name="name">The lock: 1 to 512 bytes of UTF-8. It need not exist; locks that nobody uses take no room.</param>
    /// <param name="options">How; exclusive by default.</param>
    /// <param name="cancellationToken">Gives up waiting. The request is withdrawn, in the background if need be.</param>
    /// <returns>The lock. Dispose of it to release it.</returns>
    /// <exception cref="InvalidRequestException">The name or an option is out of bounds, or the lock is in use as another kind or with another limit.</exception>
    /// <exception cref="OverloadedException">Too many hold the lock or wait for it.</exception>
    /// <exception cref="GroupUnavailableException">The group did not answer, and the request is withdrawn; try later, or look at the silos.</exception>
    public async Task<LockHandle> Acquire(string name, LockOptions? options = null, CancellationToken cancellationToken = default) =>
        (await TryAcquire(name, Timeout.InfiniteTimeSpan, options, cancellationToken))!;

    /// <summary>Acquires a lock if it is free within so much time.</summary>
    /// <param name="name">The lock: 1 to 512 bytes of UTF-8.</param>
    /// <param name="timeout">How long to wait; zero to get it by one question to the group or not at all, <see cref="Timeout.InfiniteTimeSpan"/> to wait as long as it takes.</param>
    /// <param name="options">How; exclusive by default.</param>
    /// <param name="cancellationToken">Gives up waiting. The request is withdrawn, in the background if need be.</param>
    /// <returns>The lock, or null if it was not free in time: then nothing of the request is left, or it is being withdrawn.</returns>
    /// <exception cref="InvalidRequestException">The name, the time or an option is out of bounds, or the lock is in use as another kind or with another limit.</exception>
    /// <exception cref="OverloadedException">Too many hold the lock or wait for it.</exception>
    /// <exception cref="GroupUnavailableException">The group did not answer, and the request is withdrawn; try later, or look at the silos.</exception>
    public async Task<LockHandle?> TryAcquire(string name, TimeSpan timeout, LockOptions? options = null, CancellationToken cancellationToken = default)
    {
        LockRules.RequireName(name);
        LockRules.RequireTimeout(timeout);
        (options ??= LockOptions.Default).Require();
        ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
        cancellationToken.ThrowIfCancellationRequested();
        using var deadline = new CancellationTokenSource(timeout > TimeSpan.Zero ? timeout : Timeout.InfiniteTimeSpan, _sender.Time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, _closing.Token);
        try
        {
            return await Acquire(name, options, mayWait: timeout != TimeSpan.Zero, giveUp.Token);
        }
        catch (OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
            return null;
        }
    }

    /// <summary>Who holds a lock and how many wait for it; null if nobody does either.</summary>
    /// <exception cref="InvalidRequestException">The name is out of bounds.</exception>
    public async Task<LockState?> Look(string name, CancellationToken cancellationToken = default)
    {
        LockRules.RequireName(name);
        return (await _sender.Query(new LookAtLock(name), cancellationToken)).Locks.SingleOrDefault();
    }

    /// <summary>
    /// All locks that somebody holds or waits for, or those whose names begin with the prefix, in ordinal order. They are read in pages, each
    /// of them linearizable; what changes while the list is read may or may not be seen.
    /// </summary>
    /// <exception cref="InvalidRequestException">The prefix is out of bounds.</exception>
    public IAsyncEnumerable<LockState> List(string prefix = "", CancellationToken cancellationToken = default)
    {
        LockRules.RequirePrefix(prefix);
        return Pages(prefix, cancellationToken);
    }

    /// <summary>Releases all that is held, withdraws all that waits, and waits until the group has heard of it, or has not answered for 5 s.</summary>
    public ValueTask DisposeAsync()
    {
        lock (_closing)
        {
            return new ValueTask(_closed ??= Close());
        }
    }

    private async Task Close()
    {
        await _closing.CancelAsync();
        _keeper.Dispose();
        foreach (var claim in _keeper.Claims())
        {
            claim.Lose();
            _ = Withdraw(claim);
        }

        await _withdrawals.DisposeAsync();
    }

    internal LockSender Sender => _sender;

    /// <summary>
    /// Ends a claim. The task waits for the first attempt to tell the group; if that fails, others follow in the background. For one that is
    /// lost nobody waits.
    /// </summary>
    internal Task Withdraw(LockClaim claim)
    {
        var wasOurs = claim.GiveUp();
        _keeper.Remove(claim);
        var firstAttempt = _withdrawals.Add(claim);
        return wasOurs ? firstAttempt : Task.CompletedTask;
    }

    internal void InBackground(Func<Task> work) => _withdrawals.Run(work);

    private async Task<LockHandle?> Acquire(string name, LockOptions options, bool mayWait, CancellationToken cancellationToken)
    {
        while (true)
        {
            var claim = new LockClaim(name, options, _sender.Time);
            LockAnswer answer;
            try
            {
                answer = await Request(claim, mayWait, cancellationToken);
            }
            catch
            {
                _ = Withdraw(claim);
                throw;
            }

            if (answer.Outcome == LockOutcome.Granted && claim.IsAlive)
            {
                return new LockHandle(this, claim, answer);
            }

            if (claim.IsDoubtful || answer.Outcome is LockOutcome.Granted or LockOutcome.Gone)
            {
                _ = Withdraw(claim);
            }

            switch (answer.Outcome)
            {
                case LockOutcome.Unavailable:
                    return null;
                case LockOutcome.OtherLimit:
                    throw OtherLimit(name, options.Kind, answer.Limit);
                case LockOutcome.Full:
                    throw new OverloadedException($"{LockRules.MaximumRequestsOfLock} hold '{name}' or wait for it, or the group has {LockRules.MaximumRequests} such requests in all. Try later, or use more locks or groups.");
                default:
                    break; // It was cut off for so long that its place is gone: it queues again, as another request.
            }
        }
    }

    private async Task<LockAnswer> Request(LockClaim claim, bool mayWait, CancellationToken cancellationToken)
    {
        var options = claim.Options;
        var command = new AcquireLock(claim.Id, claim.Name, options.Kind.Mode, options.Kind.Limit, options.TimeToLive, options.Value, mayWait);
        var (answer, sentAt) = await _sender.Renew(claim, command, cancellationToken);
        if (answer.Outcome is not (LockOutcome.Granted or LockOutcome.Waiting))
        {
            return answer;
        }

        _keeper.Add(claim, sentAt);
        cancellationToken.ThrowIfCancellationRequested(); // Also when all is being closed: who is added later is not seen there.
        return answer.Outcome == LockOutcome.Granted ? answer : await Wait(claim, cancellationToken);
    }

    private async Task<LockAnswer> Wait(LockClaim claim, CancellationToken cancellationToken)
    {
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, claim.Lost);
        try
        {
            while (true)
            {
                var answer = await _sender.AwaitGrant(claim, giveUp.Token);
                if (answer.Outcome == LockOutcome.Granted)
                {
                    return answer;
                }

                // A leader of before does not know of the request. The log does.
                await _sender.Keep([claim], giveUp.Token);
                giveUp.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new LockAnswer(LockOutcome.Gone);
        }
    }

    private async IAsyncEnumerable<LockState> Pages(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = "";
        LockPage page;
        do
        {
            page = await _sender.Query(new ListLocks(prefix, after), cancellationToken);
            foreach (var state in page.Locks)
            {
                after = state.Name;
                yield return state;
            }
        }
        while (page.HasMore);
    }

    private static InvalidRequestException OtherLimit(string name, LockKind wanted, int limit)
    {
        var used = limit == 0 ? "a lock and no semaphore" : $"a semaphore of {limit}";
        return new InvalidRequestException($"'{name}' is in use as {used}, so it cannot be acquired as {wanted}. Use another name, or the same kind everywhere.");
    }
}
