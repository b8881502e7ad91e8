using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// Lets time pass for a state machine that waits for it: when its deadline has come by the group's clock, the leader proposes an
/// entry that says so. One is under way at a time. All members are used within turns.
/// </summary>
internal sealed class NodeTicks(GroupClock clock, TimeProvider time, INodeObserver observer)
{
    // After a tick that did not help: the group is overloaded, or the machine still wants what it was given.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(100);
    private TickCaller? _underWay;
    private TimeSpan _lastDeadline = TimeSpan.MinValue;
    private TimeSpan _notBefore;
    private TimeSpan _nextComplaint;

    /// <summary>When, by the node's own clock, the next tick is due; the maximum for never.</summary>
    public TimeSpan NextDue { get; private set; } = TimeSpan.MaxValue;

    /// <summary>Proposes a tick if it is time. False if there is nothing to do now.</summary>
    public bool TryPropose(RaftNode node, IStateMachine machine, TimeSpan now)
    {
        NextDue = TimeSpan.MaxValue;
        if (machine is not ITimedStateMachine timed || !node.HasAppliedEarlierTerms || _underWay is { IsOver: false } || DeadlineOf(timed, now) is not { } deadline)
        {
            return false;
        }

        var due = clock.WhenItShows(deadline);
        NextDue = deadline == _lastDeadline && due < _notBefore ? _notBefore : due;
        if (now < NextDue)
        {
            return false;
        }

        (_underWay, _lastDeadline, _notBefore, NextDue) = (new TickCaller(), deadline, now + _pause, TimeSpan.MaxValue);
        node.ProposeTick(_underWay, time.GetUtcNow().ToUnixTimeMilliseconds(), now, clock.Stamp(node, now));
        return true;
    }

    /// <summary>A machine that cannot say for what it waits is asked again; what else it does is not affected.</summary>
    private TimeSpan? DeadlineOf(ITimedStateMachine machine, TimeSpan now)
    {
        try
        {
            return machine.Deadline;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            if (now >= _nextComplaint)
            {
                _nextComplaint = now + _pause;
                observer.ElapseFailed(failure);
            }

            NextDue = _nextComplaint;
            return null;
        }
    }

    private sealed class TickCaller : PumpCaller
    {
        public bool IsOver { get; private set; }

        public override void Applied(ReadOnlyMemory<byte> result) => IsOver = true;

        public override void ApplyFailed(Exception failure) => IsOver = true;

        public override void Answered(Answer answer, IStateMachine machine) => IsOver = true;
    }
}
