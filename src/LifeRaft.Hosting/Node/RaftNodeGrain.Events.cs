using System.Reflection;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>liferaft's events, as methods to override. They run in the node's turns: one at a time, in order, and briefly.</summary>
public partial class RaftNodeGrain
{
    private EventOverrides _overrides = EventOverrides.Of(typeof(RaftNodeGrain));

    /// <summary>
    /// The stored state is loaded, the first timer has not started. May be asynchronous; when it throws, the node raises the error event
    /// and does not start.
    /// </summary>
    protected virtual Task OnInitialize(RaftOptions options) => Task.CompletedTask;

    /// <summary>The term rose.</summary>
    protected virtual void OnTermChange(Term newTerm, Term oldTerm)
    {
    }

    /// <summary>Another leader is known, by address; empty for none.</summary>
    protected virtual void OnLeaderChange(string newLeader, string oldLeader)
    {
    }

    /// <summary>The state changed.</summary>
    protected virtual void OnStateChange(RaftState newState, RaftState oldState)
    {
    }

    /// <summary>The node now leads.</summary>
    protected virtual void OnLeader()
    {
    }

    /// <summary>The node now follows.</summary>
    protected virtual void OnFollower()
    {
    }

    /// <summary>The node now asks for votes.</summary>
    protected virtual void OnCandidate()
    {
    }

    /// <summary>The node is now stopped.</summary>
    protected virtual void OnStopped()
    {
    }

    /// <summary>The node is now no voter.</summary>
    protected virtual void OnChild()
    {
    }

    /// <summary>No leader was heard; the node campaigns next.</summary>
    protected virtual void OnHeartbeatTimeout()
    {
    }

    /// <summary>
    /// A leader is about to send heartbeats. What is returned travels with them: add data to it, and the followers find that in the
    /// packet of their data event.
    /// </summary>
    protected virtual RaftPacket OnHeartbeat(RaftPacket packet) => packet;

    /// <summary>A vote request was answered.</summary>
    protected virtual void OnVote(RaftPacket request, bool granted)
    {
    }

    /// <summary>The admission of a member was committed.</summary>
    protected virtual void OnJoin(string address, MemberId member)
    {
    }

    /// <summary>The removal of a member was committed.</summary>
    protected virtual void OnLeave(string address, MemberId member)
    {
    }

    /// <summary>A packet arrived and is handled next.</summary>
    protected virtual void OnData(RaftPacket packet)
    {
    }

    /// <summary>A packet of a type that Raft does not know arrived. Null: it is not known here either.</summary>
    protected virtual Task<RaftPacket?> OnRpc(RaftPacket packet) => Task.FromResult<RaftPacket?>(null);

    /// <summary>A command was applied.</summary>
    protected virtual void OnCommit(LogIndex index, Term term, ReadOnlyMemory<byte> command)
    {
    }

    /// <summary>The average round trip passed the threshold.</summary>
    protected virtual void OnThreshold(TimeSpan averageLatency)
    {
    }

    /// <summary>Something failed that no caller was told of.</summary>
    protected virtual void OnError(string error)
    {
    }

    /// <summary>The node has ended.</summary>
    protected virtual void OnEnd()
    {
    }

    private async Task<bool> Initialized()
    {
        try
        {
            await OnInitialize(_silo.Options);
            Raise(new InitializeEvent());
            return true;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            _failure = new NodeUnavailableException($"{_key} does not start: its OnInitialize threw {failure.GetType().Name}: {failure.Message}. Mend that and restart the silo.");
            Raise(new ErrorEvent(_failure.Message));
            return false;
        }
    }

    /// <summary>Tells the override first, then the watchers. An override that throws raises the error event and changes nothing else.</summary>
    private void Raise(RaftEvent raftEvent)
    {
        try
        {
            CallOverride(raftEvent);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            if (raftEvent is not ErrorEvent)
            {
                Raise(new ErrorEvent($"The override of '{raftEvent.Name}' threw {failure.GetType().Name}: {failure.Message}"));
            }
        }

        if (raftEvent is ErrorEvent error)
        {
            _silo.LogError(_key, error.Error);
        }

        _watchers.Publish(raftEvent);
    }

    private RaftPacket Heartbeat(RaftPacket packet)
    {
        try
        {
            return OnHeartbeat(packet) ?? packet;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Raise(new ErrorEvent($"The override of 'heartbeat' threw {failure.GetType().Name}: {failure.Message}"));
            return packet;
        }
    }

    private void CallOverride(RaftEvent raftEvent)
    {
        switch (raftEvent)
        {
            case TermChangeEvent term: OnTermChange(term.New, term.Old); break;
            case LeaderChangeEvent leader: OnLeaderChange(leader.New, leader.Old); break;
            case StateChangeEvent state: OnStateChange(state.New, state.Old); break;
            case StateEvent { State: RaftState.Leader }: OnLeader(); break;
            case StateEvent { State: RaftState.Follower }: OnFollower(); break;
            case StateEvent { State: RaftState.Candidate }: OnCandidate(); break;
            case StateEvent { State: RaftState.Child }: OnChild(); break;
            case StateEvent: OnStopped(); break;
            case HeartbeatTimeoutEvent: OnHeartbeatTimeout(); break;
            case VoteEvent vote: OnVote(vote.Request, vote.Granted); break;
            case JoinEvent join: OnJoin(join.Address, join.Member); break;
            case LeaveEvent leave: OnLeave(leave.Address, leave.Member); break;
            case DataEvent data: OnData(data.Packet); break;
            case CommitEvent commit: OnCommit(commit.Index, commit.Term, commit.Command); break;
            case ThresholdEvent threshold: OnThreshold(threshold.AverageLatency); break;
            case ErrorEvent error: OnError(error.Error); break;
            case EndEvent: OnEnd(); break;
            default: break; // initialize and rpc are awaited, and heartbeat asked, where they happen.
        }
    }

    /// <summary>Which of the frequent events a class overrides: the others are not even made.</summary>
    private sealed record EventOverrides(bool Packets, bool Commits)
    {
        public static EventOverrides Of(Type grain) => new(
            Overrides(grain, nameof(OnData)) || Overrides(grain, nameof(OnHeartbeat)), Overrides(grain, nameof(OnCommit)));

        private static bool Overrides(Type grain, string method) =>
            grain.GetMethod(method, BindingFlags.Instance | BindingFlags.NonPublic)!.DeclaringType != typeof(RaftNodeGrain);
    }
}
