namespace LifeRaft;

/// <summary>How a <see cref="LeaderBackgroundService"/> is elected and cancelled.</summary>
public sealed record LeaderServiceOptions
{
    /// <summary>What others see of the host that leads.</summary>
    /// <value>The machine's name and the process id by default; at most 1024 bytes of UTF-8.</value>
    public string Candidate { get; init; } = $"{Environment.MachineName}/{Environment.ProcessId}";

    /// <summary>How long the place is kept for a host of which nothing is heard. Shorter moves the work sooner when a host dies.</summary>
    /// <value>15 s by default; 1 s to 1 h.</value>
    public TimeSpan TimeToLive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// How long the work may take to stop. So much earlier than another host could lead it is cancelled. Longer is safer for work that is
    /// slow to stop, and cancels sooner when the group cannot be reached.
    /// </summary>
    /// <value>A third of <see cref="TimeToLive"/> by default, and at most.</value>
    public TimeSpan? StopWithin { get; init; }

    internal TimeSpan Grace => StopWithin ?? TimeToLive / 3;

    internal void Require()
    {
        LockRules.RequireTimeToLive(TimeToLive);
        if (Grace < TimeSpan.Zero || Grace > TimeToLive / 3)
        {
            throw new InvalidRequestException($"{nameof(StopWithin)} must be 0 to a third of {nameof(TimeToLive)} ({TimeToLive / 3}), for the host is renewed so often; but it is {Grace}.");
        }
    }
}
