using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// Questions that wait at a leader for an answer that is not there yet. After each turn that has applied something they are asked again.
/// They are asked only once the leader has applied its own first entry, so that no answer is older than what the leader before it gave.
/// All members are used within turns.
/// </summary>
/// <param name="state">What is asked.</param>
/// <param name="told">Gets who has the answer.</param>
internal sealed class WaitingQueries(ReplicatedState state, Action<PumpCaller> told)
{
    private readonly List<WaitingCaller> _callers = [];
    private ReplicatedState _state = state;
    private LogIndex _askedAt;

    /// <summary>How many wait.</summary>
    public int Count => _callers.Count;

    /// <summary>A question has arrived.</summary>
    public void Add(WaitingCaller caller, RaftNode node)
    {
        if (node.State != RaftState.Leader)
        {
            Refuse(caller, node);
        }
        else if (!node.HasAppliedOwnTerm || !TryAnswer(caller, _state.Machine))
        {
            _callers.Add(caller);
        }
    }

    /// <summary>Who asked waits no more.</summary>
    public void Remove(WaitingCaller caller)
    {
        // One that is not here any more has its answer, which has come too late.
        if (_callers.Remove(caller))
        {
            caller.Withdrawn();
        }
    }

    /// <summary>A turn has ended.</summary>
    public void TurnEnded(RaftNode node, ReplicatedState state)
    {
        _state = state;
        if (_callers.Count == 0)
        {
            return;
        }

        if (node.State != RaftState.Leader)
        {
            _callers.ForEach(caller => Refuse(caller, node));
            _callers.Clear();
        }
        else if (node.HasAppliedOwnTerm && node.AppliedIndex != _askedAt)
        {
            _askedAt = node.AppliedIndex;
            _callers.RemoveAll(caller => TryAnswer(caller, state.Machine));
        }
    }

    private void Refuse(WaitingCaller caller, RaftNode node)
    {
        caller.Refuse(node);
        told(caller);
    }

    private bool TryAnswer(WaitingCaller caller, IStateMachine machine)
    {
        if (!caller.TryAnswer(machine))
        {
            return false;
        }

        told(caller);
        return true;
    }
}

/// <summary>A grain call that waits for the answer to a question.</summary>
internal sealed class WaitingCaller(ReadOnlyMemory<byte> query) : RequestCaller
{
    /// <summary>Answers if the machine can; also with its error.</summary>
    public bool TryAnswer(IStateMachine machine)
    {
        try
        {
            if (machine is not IWaitingStateMachine waiting)
            {
                Answer(new Answer(this, Outcome.Done, null), error: $"{machine.GetType().Name} is no {nameof(IWaitingStateMachine)}: it cannot be waited for. Query it.");
                return true;
            }

            if (!waiting.TryAnswer(query, out var answer))
            {
                return false;
            }

            Answer(new Answer(this, Outcome.Done, null), answer);
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Answer(new Answer(this, Outcome.Done, null), error: Describe(failure));
            return true;
        }
    }

    /// <summary>Who asked waits no more.</summary>
    public void Withdrawn() => LetGo();

    /// <summary>The node does not lead, or is over.</summary>
    public void Refuse(RaftNode node) => Answer(new Answer(
        this, node.State == RaftState.Stopped ? Outcome.Stopped : Outcome.NotLeader, node.Configuration.Find(node.Leader)));
}
