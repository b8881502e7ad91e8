namespace LifeRaft;

/// <summary>The way of an upgradeable lock to an exclusive one, or back.</summary>
internal sealed class LockUpgrade(LockSender sender, LockClaim claim, Action<LockAnswer> stands)
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    public async Task<bool> Run(TimeSpan timeout, Action<Func<Task>> inBackground, CancellationToken cancellationToken)
    {
        try
        {
            return await UpgradeInTime(timeout, cancellationToken);
        }
        catch (Exception failure) when (failure is not LockLostException)
        {
            // Nobody is let in as long as the group believes that the upgrade is waited for.
            inBackground(AbandonUntilKnown);
            throw;
        }
    }

    private async Task<bool> UpgradeInTime(TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(timeout > TimeSpan.Zero ? timeout : Timeout.InfiniteTimeSpan, sender.Time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token, claim.Lost);
        try
        {
            return await Upgrade(mayWait: timeout != TimeSpan.Zero, giveUp.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && claim.IsAlive)
        {
            return await Abandon(cancellationToken);
        }
        catch (OperationCanceledException) when (!claim.IsAlive && !cancellationToken.IsCancellationRequested)
        {
            throw Lost();
        }
    }

    private async Task<bool> Upgrade(bool mayWait, CancellationToken cancellationToken)
    {
        while (true)
        {
            var answer = await sender.Send(claim, new UpgradeLock(claim.Id, mayWait), cancellationToken);
            answer = answer.Outcome == LockOutcome.Waiting ? await sender.AwaitGrant(claim, cancellationToken) : answer;
            switch (answer)
            {
                case { Outcome: LockOutcome.Granted, Mode: LockMode.Exclusive }:
                    stands(answer);
                    return true;
                case { Outcome: LockOutcome.Unavailable }:
                    return false;
                case { Outcome: LockOutcome.Gone }:
                    await sender.Keep([claim], cancellationToken); // A leader of before may have said so; the log knows.
                    break;
            }

            if (!claim.IsAlive)
            {
                throw Lost();
            }

            await Task.Delay(_pause, sender.Time, cancellationToken);
        }
    }

    /// <summary>Returns whether it was granted all the same.</summary>
    private async Task<bool> Abandon(CancellationToken cancellationToken)
    {
        while (claim.IsAlive)
        {
            try
            {
                var answer = await sender.Send(claim, new AbandonUpgrade(claim.Id), CancellationToken.None);
                if (answer.Outcome == LockOutcome.Granted)
                {
                    stands(answer);
                    return answer.Mode == LockMode.Exclusive;
                }

                claim.Lose();
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                await Task.Delay(_pause, sender.Time, cancellationToken);
            }
        }

        throw Lost();
    }

    private async Task AbandonUntilKnown()
    {
        try
        {
            await Abandon(CancellationToken.None);
        }
        catch (LockLostException)
        {
            // Then nobody waits for it either.
        }
    }

    private LockLostException Lost() => new($"'{claim.Name}' was lost while its upgrade was waited for. Stop what needs it, and acquire it anew.");
}
