using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>Kinds of things in the hash of a trace.</summary>
internal enum TraceMark
{
    Sent = 1,
    Applied = 2,
    Ended = 3,
}

/// <summary>Messages and events in few words, and as numbers.</summary>
internal static class Messages
{
    public static string Describe(RaftMessage message)
    {
        var what = message switch
        {
            VoteRequest request => $"{(request.IsPreVote ? "pre-vote?" : "vote?")} last {request.LastIndex}@{request.LastTerm}{(request.IsDeliberate ? " deliberate" : "")}",
            VoteResponse response => $"{(response.IsPreVote ? "pre-vote" : "vote")} {(response.Granted ? "granted" : "refused")} for term {response.RequestTerm}",
            AppendRequest request => $"append {request.PreviousIndex}@{request.PreviousTerm} + {request.Entries.Count}, commit {request.Commit}{(request.IsProbe ? " probe" : "")}",
            AppendResponse { IsConflict: true } response => $"conflict at {response.RejectedIndex}, hint {response.HintIndex}@{response.HintTerm}",
            AppendResponse response => $"match {response.Match}",
            HeartbeatRequest request => $"heartbeat {request.Round}, commit {request.Commit}{(request.IsQuiet ? " quiet?" : "")}",
            HeartbeatResponse response => $"heard {response.Round}, verified {response.Verified}, match {response.Match}{(response.IsQuiet ? " quiet" : "")}",
            SnapshotRequest request => $"snapshot {request.Header.Position} from {request.Offset} + {request.Data.Length} of {request.Header.Bytes}",
            SnapshotResponse response => $"has {response.Offset} of snapshot {response.Position}{(response.IsGap ? " gap" : "")}",
            ReadIndexRequest => "read?",
            ReadIndexResponse response => response.IsRefused ? "read refused" : $"read at {response.Index}",
            Refusal refusal => $"refusal: {refusal.Reason}",
            _ => message.GetType().Name,
        };
        return $"term {message.Term} {what}";
    }

    public static string Describe(NodeEvent nodeEvent) => nodeEvent switch
    {
        TermChanged term => $"term {term.Old} -> {term.New}",
        LeaderChanged leader => $"leader {leader.Old} -> {leader.New}",
        StateChanged state => $"{state.Old} -> {state.New}",
        MemberJoined joined => $"sees {joined.Member} join",
        SnapshotInForce snapshot => $"took {snapshot.Snapshot}",
        SnapshotInstalled snapshot => $"installed {snapshot.Snapshot}",
        SnapshotOffered snapshot => $"sends {snapshot.Follower} {snapshot.Snapshot}",
        MemberLeft left => $"sees {left.Member} leave",
        _ => nodeEvent.GetType().Name,
    };

    /// <summary>What a message says, as one number.</summary>
    public static long Digest(RaftMessage message) => message switch
    {
        VoteRequest request => Join(1, request.LastIndex.Value, request.LastTerm.Value, request.IsPreVote ? 1 : 0),
        VoteResponse response => Join(2, response.RequestTerm.Value, response.Granted ? 1 : 0, response.IsPreVote ? 1 : 0),
        AppendRequest request => Join(3, request.PreviousIndex.Value, request.Entries.Count, request.Commit.Value),
        AppendResponse response => Join(4, response.Match.Value, response.RejectedIndex.Value, response.HintIndex.Value),
        HeartbeatRequest request => Join(5, request.Round, request.Commit.Value, 0),
        HeartbeatResponse response => Join(6, response.Round, response.Verified.Value, response.Match.Value),
        Refusal refusal => Join(7, (long)refusal.Reason, 0, 0),
        SnapshotRequest request => Join(8, request.Header.Index.Value, request.Offset, request.Data.Length),
        SnapshotResponse response => Join(9, response.Position.Index.Value, response.Offset, response.IsGap ? 1 : 0),
        ReadIndexResponse response => Join(10, response.Index.Value, response.IsRefused ? 1 : 0, 0),
        _ => 11,
    };

    private static long Join(long kind, long first, long second, long third) =>
        unchecked((((((kind * 1000003) + first) * 1000003) + second) * 1000003) + third);
}
