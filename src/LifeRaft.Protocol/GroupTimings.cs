namespace LifeRaft.Protocol;

/// <summary>
/// The pace of a group. It is part of the group's configuration, in its log, so that all members agree on it; the options of the
/// silo that creates a group are only the default.
/// </summary>
/// <param name="Heartbeat">Between two heartbeats of a leader. Less than <paramref name="ElectionMin"/>; 50 ms by default.</param>
/// <param name="ElectionMin">Shortest silence of the leader after which a member campaigns; 150 ms by default.</param>
/// <param name="ElectionMax">
/// Longest such silence; 300 ms by default. Each timeout is drawn uniformly from the two bounds, included. A leader that has
/// heard from no majority for this long steps down.
/// </param>
/// <param name="Threshold">
/// The share of <paramref name="ElectionMin"/>, in (0, 1], above which the average round trip raises the threshold event.
/// </param>
public sealed record GroupTimings(TimeSpan Heartbeat, TimeSpan ElectionMin, TimeSpan ElectionMax, double Threshold)
{
    /// <summary>The defaults of liferaft: 50 ms, 150 ms, 300 ms, 0.8.</summary>
    public static GroupTimings Default { get; } = new(
        TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(300), 0.8);

    /// <summary>What is wrong with these timings, one sentence per rule that is broken.</summary>
    public IEnumerable<string> Problems()
    {
        if (Heartbeat <= TimeSpan.Zero)
        {
            yield return $"Heartbeat must be more than zero, but is {Heartbeat}.";
        }

        if (Heartbeat >= ElectionMin)
        {
            yield return $"Heartbeat ({Heartbeat}) must be smaller than ElectionMin ({ElectionMin}), or every follower campaigns between two heartbeats.";
        }

        if (ElectionMin > ElectionMax)
        {
            yield return $"ElectionMin ({ElectionMin}) must not be larger than ElectionMax ({ElectionMax}).";
        }

        if (ElectionMax > TimeSpan.FromHours(1))
        {
            yield return $"ElectionMax ({ElectionMax}) must be at most one hour.";
        }

        if (!(Threshold > 0 && Threshold <= 1))
        {
            yield return $"Threshold must be more than 0 and at most 1, but is {Threshold}.";
        }
    }
}
