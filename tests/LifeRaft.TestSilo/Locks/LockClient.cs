namespace LifeRaft.TestSilo;

/// <summary>
/// One client of locks: it acquires, holds for a while, writes to what the lock protects, and lets go, or is lost, or dies. It writes down
/// only what is certain: a moment counts as held when the handle says, later, that it is.
/// </summary>
/// <param name="name">Who it is: its process, a slash, and what it does there.</param>
/// <param name="acquire">What it wants.</param>
/// <param name="habits">How it behaves.</param>
/// <param name="random">Decides what it does when.</param>
/// <param name="report">Where it writes that down.</param>
public sealed class LockClient(string name, Holding.Acquisition acquire, LockHabits habits, Random random, Action<LockEvent> report)
{
    private const int LooksBetweenWrites = 3;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    private enum Ending
    {
        Release,
        GetLost,
        Die,
    }

    /// <summary>Works until it is stopped; then it lets go.</summary>
    /// <param name="connect">Connects it to its group, anew after each of its deaths.</param>
    /// <param name="stopping">Stops it.</param>
    public async Task Run(Func<LockConnection> connect, CancellationToken stopping)
    {
        var connection = connect();
        while (!stopping.IsCancellationRequested)
        {
            var asked = LockEvent.Now;
            var held = await TryAcquire(connection.Locks, stopping);
            if (held is null)
            {
                await Task.Delay(_pause, CancellationToken.None);
                continue;
            }

            Report(LockEventKind.Granted, held, asked);
            connection = await Use(held, connection, stopping) ? connection : connect();
        }
    }

    private async Task<Holding?> TryAcquire(RaftLocks locks, CancellationToken stopping)
    {
        try
        {
            return await acquire(locks, random, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception refusal) when (refusal is GroupUnavailableException or GroupNotFoundException or OverloadedException)
        {
            // A fault; it ends.
            return null;
        }
        catch (Exception failure)
        {
            report(new LockEvent(LockEventKind.Surprised, "-", name, 0, default, LockEvent.Now, $"Acquire failed in a way that callers are not told of: {failure.GetType().Name}: {failure.Message}"));
            return null;
        }
    }

    /// <summary>Returns whether it lives.</summary>
    private async Task<bool> Use(Holding held, LockConnection connection, CancellationToken stopping)
    {
        var ending = Choose();
        await Hold(held, HoldFor(), stopping);
        switch (ending)
        {
            case Ending.Die when connection.Link is { } link:
                link.Sever();
                Report(LockEventKind.Died, held);
                return false;
            case Ending.GetLost when connection.Link is { } link:
                link.Sever();
                await Hold(held, Timeout.InfiniteTimeSpan, CancellationToken.None);
                link.Mend();
                break;
        }

        var isHeld = Look(held);
        Report(isHeld ? LockEventKind.Released : LockEventKind.Lost, held);
        var released = held.Release();
        if (random.Next(100) < habits.WritesLate)
        {
            await released;
            Report(LockEventKind.Wrote, held);
        }

        await released;
        return true;
    }

    private async Task Hold(Holding held, TimeSpan time, CancellationToken stopping)
    {
        var began = LockEvent.Now;
        for (var look = 0; (time == Timeout.InfiniteTimeSpan || LockEvent.Now - began < time) && !stopping.IsCancellationRequested; look++)
        {
            if (!Look(held))
            {
                await (habits.IsDeaf ? Ignore(held) : Task.CompletedTask);
                return;
            }

            if (look % LooksBetweenWrites == 0)
            {
                Report(LockEventKind.Wrote, held);
            }

            await Task.Delay(habits.Pace, CancellationToken.None);
        }
    }

    /// <summary>The moment before it looks is certain: what is held then was held at that moment.</summary>
    private bool Look(Holding held)
    {
        var before = LockEvent.Now;
        var isHeld = held.IsHeld();
        if (isHeld)
        {
            report(new LockEvent(LockEventKind.Holds, held.Lock, name, held.Token, default, before));
        }

        return isHeld;
    }

    private async Task Ignore(Holding held)
    {
        for (var began = LockEvent.Now; LockEvent.Now - began < LockNames.TimeToLive;)
        {
            Report(LockEventKind.Holds, held);
            await Task.Delay(habits.Pace, CancellationToken.None);
        }
    }

    private Ending Choose()
    {
        var chance = random.Next(100);
        return chance < habits.Dies ? Ending.Die : chance < habits.Dies + habits.GetsLost ? Ending.GetLost : Ending.Release;
    }

    private TimeSpan HoldFor() =>
        habits.NeverReleases ? Timeout.InfiniteTimeSpan
        : random.Next(10) == 0 ? LockNames.TimeToLive * (1 + random.NextDouble())
        : habits.Least + (random.NextDouble() * (habits.Most - habits.Least));

    private void Report(LockEventKind kind, Holding held, TimeSpan asked = default) =>
        report(new LockEvent(kind, held.Lock, name, held.Token, asked, LockEvent.Now));
}
