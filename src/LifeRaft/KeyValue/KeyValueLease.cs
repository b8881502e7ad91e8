using System.Security.Cryptography;

namespace LifeRaft;

/// <summary>
/// A lease of a <see cref="KeyValueStore"/>, kept alive in the background: keys that are put under it end when this is disposed of, or when
/// its holder vanishes and its time to live has passed. Safe for concurrent use.
/// </summary>
/// <remarks>
/// The holder stops first: <see cref="Lost"/> is cancelled before the group can end the lease. The group counts from when it applies a word
/// of the holder, the holder from before it has sent it, and it allows for clocks whose rates differ by 10 %. What the group does not
/// do is to refuse what a holder that missed it, because its process stood still, has sent before; where that matters, put a condition on the
/// lease or its key into the transaction.
/// </remarks>
public sealed class KeyValueLease : IAsyncDisposable
{
    private const int MaximumGrants = 5;
    private static readonly TimeSpan _shortest = TimeSpan.FromMilliseconds(1);
    private readonly IRaftCommands _group;
    private readonly TimeProvider _time;

    // Cancelled at most once and never disposed of: anybody may look at the token at any time, and there is no timer in it.
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly ITimer _deadline;
    private readonly Task _keeping;

    // Guarded by _lock.
    private readonly Lock _lock = new();
    private long _keptAt;
    private bool _isOver;

    private KeyValueLease(IRaftCommands group, TimeProvider time, long id, TimeSpan timeToLive, long grantedAt)
    {
        (_group, _time, Id, TimeToLive, _keptAt) = (group, time, id, timeToLive, grantedAt);

        // What keeps the lease belongs to no caller: it takes no request's context along and runs outside a grain's turns.
        using var _ = Detached.Flow();
        _deadline = time.CreateTimer(static lease => ((KeyValueLease)lease!).LoseWhenDue(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _deadline.Change(Remaining, Timeout.InfiniteTimeSpan);
        _keeping = Task.Run(Keep);
    }

    /// <summary>The lease's id, which no other lease has.</summary>
    public long Id { get; }

    /// <summary>After so long without a word from this holder the group ends the lease.</summary>
    public TimeSpan TimeToLive { get; }

    /// <summary>
    /// Cancelled when the lease can no longer be relied on: the group has ended it, or might soon, for nothing was heard of the group. Not
    /// when it is revoked or disposed of here.
    /// </summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>
    /// Whether it can be relied on at this moment. It looks at the clock: a process that stood still finds out here, whichever timer fires
    /// first.
    /// </summary>
    public bool IsHeld
    {
        get
        {
            lock (_lock)
            {
                return !_isOver && Remaining > TimeSpan.Zero;
            }
        }
    }

    private TimeSpan Reliable => HolderClock.Reliable(TimeToLive);

    private TimeSpan Remaining => Reliable - _time.GetElapsedTime(_keptAt) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Ends the lease now, and its keys with it. It does not matter whether it had ended.</summary>
    /// <param name="cancellationToken">Gives up waiting. The lease is no longer kept, and ends by itself.</param>
    /// <exception cref="OutcomeUnknownException">It is not known whether it has ended; it does within its time to live. It may be repeated.</exception>
    public async Task Revoke(CancellationToken cancellationToken = default)
    {
        await Close();
        await Send(KeyValueCommandKind.EndLease, cancellationToken);
    }

    /// <summary>Ends the lease, and its keys with it. If the group cannot be reached now, they end after the time to live.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeToLive / 3, _time);
        try
        {
            await Revoke(patience.Token);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // It ends by itself.
        }
    }

    internal static async Task<KeyValueLease> Grant(IRaftCommands group, TimeSpan timeToLive, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!KeyValueLeaseCommand.IsPossible(timeToLive))
        {
            throw new InvalidRequestException($"A lease lives {KeyValueLeaseCommand.ShortestTimeToLive} to {KeyValueLeaseCommand.LongestTimeToLive}, but {timeToLive} was asked for.");
        }

        // Whole milliseconds are sent: what is counted here is not to be longer.
        timeToLive = TimeSpan.FromMilliseconds((long)timeToLive.TotalMilliseconds);
        var id = BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))) & long.MaxValue | 1;
        var command = new KeyValueLeaseCommand(KeyValueCommandKind.GrantLease, id, timeToLive).Encode();
        for (var attempt = 1; ; attempt++)
        {
            var sentAt = time.GetTimestamp();
            try
            {
                KeyValueResult.Decode(await group.GiveRepeatedly(command, cancellationToken));
                if (time.GetElapsedTime(sentAt) < HolderClock.Reliable(timeToLive))
                {
                    return new KeyValueLease(group, time, id, timeToLive, sentAt);
                }
            }
            catch (OutcomeUnknownException) when (attempt < MaximumGrants)
            {
                // The id is ours: what is granted twice is one lease.
            }

            if (attempt == MaximumGrants)
            {
                throw new GroupUnavailableException($"A lease of {timeToLive} was granted {attempt} times, and each time the answer took longer than that. Ask for a longer one, or look at the silos.");
            }
        }
    }

    private async Task Keep()
    {
        try
        {
            var pause = TimeToLive / 3;
            while (true)
            {
                await Task.Delay(pause, _time, _closing.Token);

                // After a word that did not get through the next one follows soon, or it would be the last.
                pause = await IsHeard(SayWord()) ? TimeToLive / 3 : TimeToLive / 15;
            }
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // It was given up, or lost.
        }
    }

    /// <summary>Whether a word gets through in good time. One that is stuck is not waited for: it may still arrive, as may the next one.</summary>
    private async Task<bool> IsHeard(Task<bool> word)
    {
        try
        {
            return await word.WaitAsync(TimeToLive / 3, _time, _closing.Token);
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    /// <summary>Returns whether the group has heard it.</summary>
    private async Task<bool> SayWord()
    {
        var sentAt = _time.GetTimestamp();
        using var patience = new CancellationTokenSource(Reliable, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, _closing.Token);
        try
        {
            var result = await Send(KeyValueCommandKind.KeepLease, either.Token);
            if (result.Outcome == KeyValueOutcome.LeaseEnded)
            {
                Lose();
            }
            else
            {
                Kept(sentAt);
            }

            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return false;
        }
    }

    /// <summary>What is said of a lease may be said twice, so a node that stands still is not waited for where there is a choice.</summary>
    private async Task<KeyValueResult> Send(KeyValueCommandKind kind, CancellationToken cancellationToken) =>
        KeyValueResult.Decode(await _group.GiveRepeatedly(new KeyValueLeaseCommand(kind, Id).Encode(), cancellationToken));

    private void Kept(long sentAt)
    {
        lock (_lock)
        {
            if (!_isOver)
            {
                _keptAt = Math.Max(_keptAt, sentAt); // Answers may come in another order than the words were sent in.
                _deadline.Change(Remaining, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void LoseWhenDue()
    {
        lock (_lock)
        {
            if (!_isOver && Remaining is var remaining && remaining > TimeSpan.Zero)
            {
                // A word got through while the timer fired, or it fired early: timers count whole milliseconds.
                _deadline.Change(remaining + _shortest, Timeout.InfiniteTimeSpan);
                return;
            }
        }

        Lose();
    }

    private void Lose()
    {
        lock (_lock)
        {
            if (_isOver)
            {
                return;
            }

            _isOver = true;
            _ = _lost.CancelAsync(); // Sets the token now, and calls back elsewhere.
            _ = _closing.CancelAsync();
            _deadline.Dispose();
        }
    }

    private async Task Close()
    {
        lock (_lock)
        {
            _isOver = true;
        }

        await _closing.CancelAsync();
        await _deadline.DisposeAsync();
        await _keeping;
    }
}
