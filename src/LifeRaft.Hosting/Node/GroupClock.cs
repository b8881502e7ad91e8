using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// The clock of a group: how much time has passed in its life, as far as one node can prove it. A leader stamps what it proposes with
/// it, and what is stamped is replicated (<see cref="ReplicatedState.Clock"/>), so that leases can end by it.
/// </summary>
/// <remarks>
/// <para>
/// What must hold: of two entries in the order of the log, the stamps differ by no more than the time that passed between their
/// proposals. So whoever was promised a time from the first one on has had that time when the second one says so. That the clock
/// falls behind only makes promises longer.
/// </para>
/// <para>
/// How: a node reads the stamp of the last foreign entry it has applied, plus what its own monotonic clock has counted since; that entry
/// was proposed before it was applied here, so the sum is never too much. Entries that the node proposed itself do not set it
/// back: it knows when it proposed them. That holds only once everything of earlier terms is applied: an entry of another leader
/// that is in the log and not yet applied may have been proposed later than the one this node reads from. Until then its own stamps
/// stand still.
/// </para>
/// <para>
/// So a change of leader costs at most the time from the last entry's proposal to its application here, and an idle group loses
/// nothing, since its followers have applied everything and count on. Only when all nodes restart is the time in between not counted.
/// </para>
/// </remarks>
internal sealed class GroupClock(ReplicatedState state)
{
    private ReplicatedState _state = state;
    private TimeSpan _base = state.Clock;
    private TimeSpan _baseAt;
    private Term _led;

    /// <summary>What the clock shows; to be believed on a leader that has applied everything of earlier terms.</summary>
    public TimeSpan Read(TimeSpan now) => _base + (now - _baseAt);

    /// <summary>When, by the node's own clock, this one will show a value; the longest duration for never.</summary>
    public TimeSpan WhenItShows(TimeSpan clock) =>
        new((long)Int128.Clamp((Int128)_baseAt.Ticks + clock.Ticks - _base.Ticks, TimeSpan.MinValue.Ticks, TimeSpan.MaxValue.Ticks));

    /// <summary>The stamp for what is proposed now.</summary>
    public TimeSpan Stamp(RaftNode node, TimeSpan now)
    {
        if (node.State != RaftState.Leader)
        {
            return _state.Clock; // It will be refused.
        }

        if (node.HasAppliedEarlierTerms)
        {
            _led = node.Term;
            return Read(now);
        }

        return StandStill(now);
    }

    /// <summary>An entry was applied to the state.</summary>
    public void Applied(LogEntry entry, TimeSpan now)
    {
        if (entry.Term != _led && entry.Kind is EntryKind.Command or EntryKind.SessionCommand or EntryKind.Tick)
        {
            (_base, _baseAt) = (_state.Clock, now);
        }
    }

    /// <summary>Another state, from a snapshot, has taken the place of the one before.</summary>
    public void Installed(ReplicatedState state, TimeSpan now) => (_state, _base, _baseAt) = (state, state.Clock, now);

    /// <summary>A stamp without what was counted so far, and for good: added to a later stamp, it would come in between.</summary>
    private TimeSpan StandStill(TimeSpan now)
    {
        (_base, _baseAt) = (_state.Clock, now);
        return _base;
    }
}
