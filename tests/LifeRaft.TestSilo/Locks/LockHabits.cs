namespace LifeRaft.TestSilo;

/// <summary>How a client of locks behaves.</summary>
public sealed record LockHabits
{
    /// <summary>The shortest that it holds a lock.</summary>
    public TimeSpan Least { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest, but for one time in ten: then it is long enough to need its lease renewed.</summary>
    public TimeSpan Most { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often it looks whether it still holds the lock.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Holds it until it is lost.</summary>
    public bool NeverReleases { get; init; }

    /// <summary>How often, of 100 times, it writes once more to what the lock protects when it has let go.</summary>
    public int WritesLate { get; init; } = 20;

    /// <summary>How often, of 100 times, its connection is severed until it has lost the lock. Takes a connection that can be.</summary>
    public int GetsLost { get; init; }

    /// <summary>How often, of 100 times, its connection is severed for good. The same.</summary>
    public int Dies { get; init; }

    /// <summary>A planted fault: it goes on for as long as the time to live when it has lost the lock.</summary>
    public bool IsDeaf { get; init; }
}
