namespace LifeRaft.Protocol;

/// <summary>
/// Until when nobody else can lead (thesis, 6.4.1). Who answers a heartbeat votes for nobody for ElectionMin from when it arrived, so
/// nobody else is elected for that long after a heartbeat was sent that a majority answered. That is measured by two clocks, whose
/// difference the settings bound. It does not hold for elections that ignore leaders: a transfer ends the lease of who hands over,
/// and who campaigns by force commits nothing before every lease has run out.
/// </summary>
internal sealed class LeaderLease
{
    private readonly Queue<(long Round, TimeSpan SentAt, LogIndex Commit)> _rounds = new();
    private bool _isGivenUp;

    /// <summary>When the newest heartbeat was sent that a majority has answered, and what was committed then.</summary>
    public (TimeSpan SentAt, LogIndex Commit)? Confirmed { get; private set; }

    public void Sent(long round, TimeSpan now, LogIndex commit) => _rounds.Enqueue((round, now, commit));

    /// <summary>A majority has answered that round, and so all before it. Returns whether that is news.</summary>
    public bool Confirm(long round)
    {
        var isNews = false;
        while (_rounds.TryPeek(out var next) && next.Round <= round)
        {
            Confirmed = (next.SentAt, next.Commit);
            _rounds.Dequeue();
            isNews = true;
        }

        return isNews;
    }

    /// <summary>
    /// Until a round that is sent from now on is answered. Answers to earlier rounds, which may be under way, confirm nothing any more.
    /// </summary>
    public void Suspend()
    {
        _rounds.Clear();
        Confirmed = null;
    }

    /// <summary>For the rest of the term: somebody was asked to campaign, and may do so at any time (raft-scenarios 48).</summary>
    public void GiveUp() => _isGivenUp = true;

    /// <summary>Whether nobody else can lead at that time.</summary>
    public bool IsHeld(TimeSpan now, TimeSpan electionMin, double maximumClockDrift) =>
        !_isGivenUp && Confirmed is { } confirmed && now - confirmed.SentAt < electionMin / (1 + maximumClockDrift);
}
