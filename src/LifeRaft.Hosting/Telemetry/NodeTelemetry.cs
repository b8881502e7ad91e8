using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

/// <summary>Says in the log, and counts, what happens to one node. All members are used within turns.</summary>
internal sealed partial class NodeTelemetry(NodeKey key, SiloTelemetry silo, NodeMeter meter, TimeProvider time, ILogger logger)
{
    private readonly ILogger _logger = logger;
    private readonly Throttle _complaints = new(time, TimeSpan.FromMinutes(1));
    private readonly Dictionary<MemberId, Member> _silent = [];
    private ElectionCause _cause;

    /// <summary>Measures the node.</summary>
    public NodeMeter Meter => meter;

    /// <summary>What it was like at the end of its last turn. Read at any time.</summary>
    public NodeFigures Figures { get; } = new();

    /// <summary>Something happened.</summary>
    public void Happened(NodeEvent nodeEvent, RaftNode node)
    {
        meter.Happened(nodeEvent, node);
        switch (nodeEvent)
        {
            case HeartbeatTimedOut:
                LogHeartbeatTimedOut(key, node.Term);
                break;
            case ElectionStarted election:
                _cause = election.Cause;
                LogElectionBegun(key, election.Term, NodeJournal.Why(election.Cause));
                break;
            case StateChanged { New: RaftState.Leader }:
                LogLeadershipWon(key, node.Term, NodeJournal.Why(_cause));
                break;
            case LeadershipEnded ended:
                LogLeadershipLost(key, ended.Term, NodeJournal.Why(ended.Cause));
                break;
            case LeaderChanged { New.IsNone: true }:
                LogLeaderMissed(key, node.Term);
                break;
            case LeaderChanged leader when leader.New != node.Identity.Member:
                LogLeaderFound(key, node.Configuration.Find(leader.New)?.Address ?? leader.New.ToString(), node.Term);
                break;
            case MemberJoined joined when node.State == RaftState.Leader:
                LogMemberJoined(key, joined.Member.Address, joined.Member.Id);
                break;
            case MemberLeft left when node.State == RaftState.Leader:
                LogMemberLeft(key, left.Member.Address, left.Member.Id);
                break;
            case SnapshotInForce taken:
                LogSnapshotTaken(key, taken.Snapshot.Index, taken.Snapshot.Bytes);
                break;
            case SnapshotInstalled installed:
                LogSnapshotInstalled(key, installed.Snapshot.Index, installed.Snapshot.Bytes);
                break;
            case SnapshotOffered offered:
                LogSnapshotOffered(key, offered.Snapshot.Index, offered.Snapshot.Bytes, offered.Follower.Address);
                break;
            default:
                break; // Of each message, or told by one of the others.
        }
    }

    /// <summary>The state machine could not write a snapshot.</summary>
    public void SnapshotFailed(Exception failure)
    {
        meter.SnapshotFailed();
        LogSnapshotFailed(failure, key);
    }

    /// <summary>The state machine could not do what was due; it is asked again ten times a second.</summary>
    public void ElapseFailed(Exception failure)
    {
        if (_complaints.Admits(out var heldBack))
        {
            LogElapseFailed(failure, key, heldBack);
        }
    }

    /// <summary>A turn has ended.</summary>
    public void TurnEnded(RaftNode node)
    {
        var lag = node.Lag();
        Figures.Set(node, lag);
        if (lag.Silent != _silent.Count)
        {
            LookAtFollowers(node);
        }
    }

    /// <summary>The node is over.</summary>
    public void Ended(NodeEnd end, Exception? failure)
    {
        MissNobody();
        if (failure is not null)
        {
            meter.Failed();
            LogFailed(failure, key);
        }
        else
        {
            LogEnded(key, end);
        }
    }

    /// <summary>The node falls silent with its silo or its activation.</summary>
    public void MissNobody()
    {
        foreach (var member in _silent.Values)
        {
            silo.Found(SiloOf(member));
        }

        _silent.Clear();
    }

    private void LookAtFollowers(RaftNode node)
    {
        var silent = node.Status().Followers.Where(follower => !follower.IsReachable).ToDictionary(follower => follower.Member.Id);
        foreach (var (id, follower) in silent)
        {
            if (_silent.TryAdd(id, follower.Member))
            {
                LogMemberSilent(key, follower.Member.Address, follower.Match);
                silo.Lost(SiloOf(follower.Member), key);
            }
        }

        foreach (var (id, member) in _silent.Where(member => !silent.ContainsKey(member.Key)).ToList())
        {
            _silent.Remove(id);
            LogMemberHeard(key, member.Address);
            silo.Found(SiloOf(member));
        }
    }

    private static string SiloOf(Member member) => member.Address[(member.Address.LastIndexOf('@') + 1)..];
}
