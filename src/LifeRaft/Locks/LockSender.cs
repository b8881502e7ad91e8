namespace LifeRaft;

/// <summary>Talks to a group of locks. Every command of theirs may be repeated, so an unknown outcome is none.</summary>
internal sealed class LockSender(IRaftCommands group, TimeProvider time)
{
    private const int Attempts = 3;

    public TimeProvider Time => time;

    /// <summary>Sends a command about a claim.</summary>
    /// <exception cref="GroupUnavailableException">Nobody knows what came of it, though it was repeated.</exception>
    public async Task<LockAnswer> Send(LockClaim claim, LockCommand command, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var sentAt = time.GetTimestamp();
            try
            {
                var answer = (await SendOnce(command, cancellationToken))[0];
                if (time.GetElapsedTime(sentAt) >= LeaderRoute.Patience)
                {
                    claim.Doubt(); // It was not the only copy, perhaps.
                }

                return answer;
            }
            catch (OutcomeUnknownException failure)
            {
                claim.Doubt();
                if (attempt == Attempts)
                {
                    throw new GroupUnavailableException($"What was asked of the lock '{claim.Name}' was not answered, though it was repeated: {failure.Message}");
                }
            }
            catch
            {
                claim.Doubt();
                throw;
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Sends a command about a claim until there is an answer that is recent enough to rely on it, or that it is not to be had.</summary>
    public async Task<(LockAnswer Answer, long SentAt)> Renew(LockClaim claim, LockCommand command, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var sentAt = time.GetTimestamp();
            var answer = await Send(claim, command, cancellationToken);
            if (answer.Outcome is not (LockOutcome.Granted or LockOutcome.Waiting) || claim.Renewed(sentAt))
            {
                return (answer, sentAt);
            }
        }
    }

    /// <summary>Says that claims are still wanted, and learns which are lost.</summary>
    public async Task Keep(IReadOnlyList<LockClaim> claims, CancellationToken cancellationToken = default)
    {
        var sentAt = time.GetTimestamp();
        var shortest = claims.Min(claim => claim.Options.TimeToLive);
        using var patience = new CancellationTokenSource(shortest, time);
        using var giveUp = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            var answers = await SendOnce(new KeepLocks([.. claims.Select(claim => claim.Id)]), giveUp.Token);
            foreach (var (claim, answer) in claims.Zip(answers))
            {
                if (answer.Outcome == LockOutcome.Gone)
                {
                    claim.Lose();
                }
                else
                {
                    claim.Renewed(sentAt);
                }
            }
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The next one may get through. If none does, the claims are lost when they can no longer be relied on.
        }
    }

    public async Task<LockAnswer> AwaitGrant(LockClaim claim, CancellationToken cancellationToken) =>
        LockCodec.DecodeAnswers(await group.Await(LockCodec.Encode(new AwaitGrant(claim.Id)), cancellationToken))[0];

    public async Task<LockState?> AwaitHolder(string name, FencingToken known, CancellationToken cancellationToken) =>
        LockCodec.DecodePage(await group.Await(LockCodec.Encode(new AwaitHolder(name, known)), cancellationToken)).Locks.SingleOrDefault();

    public async Task<LockPage> Query(LockQuery query, CancellationToken cancellationToken) =>
        LockCodec.DecodePage(await group.Query(LockCodec.Encode(query), cancellationToken));

    private async Task<IReadOnlyList<LockAnswer>> SendOnce(LockCommand command, CancellationToken cancellationToken) =>
        LockCodec.DecodeAnswers(await group.GiveRepeatedly(LockCodec.Encode(command), cancellationToken));
}
