using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>Puts into words what happens to one node, for the silo's journal. All members are used within the node's turns.</summary>
internal sealed class NodeJournal(NodeKey key, SiloJournal journal, TimeProvider time)
{
    private readonly HashSet<MemberId> _unreachable = [];
    private bool _isLeaderSilent;

    /// <summary>Since when the present leader is known; null when none is.</summary>
    public DateTimeOffset? LeaderSince { get; private set; }

    public void Opened(RaftNode node) => Add(JournalKind.NodeOpened, node, node.Identity.IsBlank
        ? "Opened; it belongs to no group."
        : $"Opened at index {node.AppliedIndex}.");

    public void Ended(RaftNode node, NodeEnd end, Exception? failure) => Add(
        failure is null ? JournalKind.NodeEnded : JournalKind.NodeFailed,
        node,
        failure is null ? end == NodeEnd.Dissolved ? "Ended: its group was deleted." : "Ended: it was removed from its group." : $"Failed: {failure.Message}");

    public void Error(RaftNode node, string text) => Add(JournalKind.Error, node, text);

    public void Happened(RaftNode node, NodeEvent nodeEvent)
    {
        switch (nodeEvent)
        {
            case HeartbeatTimedOut when !_isLeaderSilent:
                // Without a quorum it times out again and again; once tells it.
                _isLeaderSilent = true;
                Add(JournalKind.LeaderSilent, node, $"Heard no leader for {(int)node.ElectionTimeout.TotalMilliseconds} ms.");
                break;
            case ElectionStarted election:
                Add(JournalKind.ElectionStarted, node, $"Asks for votes in term {election.Term}: {Why(election.Cause)}.");
                break;
            case LeadershipEnded ended:
                _unreachable.Clear();
                Add(JournalKind.LeadershipEnded, node, $"Leads no more after term {ended.Term}: {Why(ended.Cause)}.");
                break;
            case LeaderChanged leader:
                LeaderKnown(node, leader);
                break;
            case MemberJoined joined when node.State == RaftState.Leader:
                Add(JournalKind.MemberJoined, node, $"{joined.Member.Address} was admitted.");
                break;
            case MemberLeft left when node.State == RaftState.Leader:
                Add(JournalKind.MemberLeft, node, $"{left.Member.Address} was removed.");
                break;
            case Protocol.SnapshotInForce snapshot:
                Add(JournalKind.SnapshotTaken, node, $"Took a snapshot up to index {snapshot.Snapshot.Index} ({snapshot.Snapshot.Bytes:N0} bytes).");
                break;
            case SnapshotInstalled snapshot:
                Add(JournalKind.SnapshotInstalled, node, $"Installed its leader's snapshot up to index {snapshot.Snapshot.Index} ({snapshot.Snapshot.Bytes:N0} bytes).");
                break;
            default:
                break; // Too frequent to be kept, or told of by another event.
        }
    }

    /// <summary>A leader looks whom it hears, once in each round of heartbeats.</summary>
    public void LookAround(RaftNode node)
    {
        foreach (var follower in node.Followers)
        {
            if (!follower.IsReachable && _unreachable.Add(follower.Member.Id))
            {
                Add(JournalKind.MemberUnreachable, node, $"{follower.Member.Address} does not answer.");
            }
            else if (follower.IsReachable && _unreachable.Remove(follower.Member.Id))
            {
                Add(JournalKind.MemberReachable, node, $"{follower.Member.Address} answers again.");
            }
        }
    }

    private void LeaderKnown(RaftNode node, LeaderChanged leader)
    {
        LeaderSince = leader.New.IsNone ? null : time.GetUtcNow();
        _isLeaderSilent &= leader.New.IsNone;
        if (leader.New == node.Identity.Member && !leader.New.IsNone)
        {
            Add(JournalKind.LeaderElected, node, $"Leads term {node.Term}.");
        }
    }

    private void Add(JournalKind kind, RaftNode node, string text) => journal.Add(new JournalEntry
    {
        Silo = "",
        Kind = kind,
        Group = key.Group.ToString(),
        Node = key.Address.ToString(),
        Term = node.Term,
        Text = text,
    });

    internal static string Why(ElectionCause cause) => cause switch
    {
        ElectionCause.LeaderSilent => "it heard no leader, and neither did a majority",
        ElectionCause.HandedOver => "the leader handed over to it",
        _ => "it was asked to",
    };

    internal static string Why(LeadershipEndCause cause) => cause switch
    {
        LeadershipEndCause.HandedOver => "it handed over",
        LeadershipEndCause.NoMajority => "no majority of the voters answered",
        LeadershipEndCause.Removed => "it was removed from the group",
        LeadershipEndCause.Ended => "the node has stopped",
        _ => "another node began a later term",
    };
}
