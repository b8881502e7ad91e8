namespace LifeRaft;

/// <summary>
/// What an election has given to one candidate, until it resigns or loses it. <see cref="Lost"/> is cancelled before another can lead.
/// </summary>
/// <remarks>What a leader does to others is to carry the <see cref="FencingToken"/>, so that they can refuse a leader of before.</remarks>
public sealed class Leadership : IAsyncDisposable
{
    private readonly LockHandle _handle;

    internal Leadership(LockHandle handle, string candidate) => (_handle, Candidate) = (handle, candidate);

    /// <summary>The election's name.</summary>
    public string Election => _handle.Name;

    /// <summary>What this leader said of itself.</summary>
    public string Candidate { get; }

    /// <summary>Larger than that of every leader before.</summary>
    public FencingToken FencingToken => _handle.FencingToken;

    /// <summary>How long the group keeps the place for a leader of which it hears nothing.</summary>
    public TimeSpan TimeToLive => _handle.TimeToLive;

    /// <summary>Cancelled when leadership is lost, before another can have it; not when it was resigned. See <see cref="LockHandle.Lost"/>.</summary>
    public CancellationToken Lost => _handle.Lost;

    /// <summary>Whether this still leads. It looks at the clock, so it is right also after the process stood still.</summary>
    public bool IsLeader => _handle.IsHeld;

    /// <summary>How long it lasts without another word from the group; zero once it is over.</summary>
    internal TimeSpan Remaining => _handle.Remaining;

    /// <summary>
    /// Makes room for the next. If the group cannot be told now, it is told in the background, and at the latest there is room after the
    /// time to live. It does not fail.
    /// </summary>
    public Task Resign() => _handle.DisposeAsync().AsTask();

    /// <summary>Resigns.</summary>
    public ValueTask DisposeAsync() => _handle.DisposeAsync();
}
