using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting;

internal sealed partial class NodeTelemetry
{
    [LoggerMessage(2100, LogLevel.Debug, "{Node} heard no leader for an election timeout, in term {Term}.", EventName = "HeartbeatTimedOut")]
    private partial void LogHeartbeatTimedOut(NodeKey node, Term term);

    [LoggerMessage(2101, LogLevel.Debug, "{Node} campaigns in term {Term}: {Reason}.", EventName = "ElectionBegun")]
    private partial void LogElectionBegun(NodeKey node, Term term, string reason);

    [LoggerMessage(2102, LogLevel.Information, "{Node} leads its group in term {Term}: {Reason}.", EventName = "LeadershipWon")]
    private partial void LogLeadershipWon(NodeKey node, Term term, string reason);

    [LoggerMessage(2103, LogLevel.Information, "{Node} leads its group no more after term {Term}: {Reason}.", EventName = "LeadershipLost")]
    private partial void LogLeadershipLost(NodeKey node, Term term, string reason);

    [LoggerMessage(2104, LogLevel.Debug, "{Node} follows {Leader} in term {Term}.", EventName = "LeaderFound")]
    private partial void LogLeaderFound(NodeKey node, string leader, Term term);

    [LoggerMessage(2105, LogLevel.Debug, "{Node} knows no leader in term {Term}.", EventName = "LeaderMissed")]
    private partial void LogLeaderMissed(NodeKey node, Term term);

    [LoggerMessage(2110, LogLevel.Information, "{Node}, which leads, says: {Address} is now a member of the group, as {Member}.", EventName = "MemberJoined")]
    private partial void LogMemberJoined(NodeKey node, string address, MemberId member);

    [LoggerMessage(2111, LogLevel.Information, "{Node}, which leads, says: {Address} is no member of the group any more; it was {Member}.", EventName = "MemberLeft")]
    private partial void LogMemberLeft(NodeKey node, string address, MemberId member);

    [LoggerMessage(2120, LogLevel.Debug, "{Node} has taken a snapshot up to entry {Index}, of {Bytes} bytes.", EventName = "SnapshotTaken")]
    private partial void LogSnapshotTaken(NodeKey node, LogIndex index, long bytes);

    [LoggerMessage(2121, LogLevel.Information, "{Node} was too far behind and has taken over its leader's snapshot up to entry {Index}, of {Bytes} bytes.", EventName = "SnapshotInstalled")]
    private partial void LogSnapshotInstalled(NodeKey node, LogIndex index, long bytes);

    [LoggerMessage(2122, LogLevel.Information, "{Node} sends its snapshot up to entry {Index}, of {Bytes} bytes, to {Follower}, which lacks entries that are no longer in the log.", EventName = "SnapshotOffered")]
    private partial void LogSnapshotOffered(NodeKey node, LogIndex index, long bytes, string follower);

    [LoggerMessage(2123, LogLevel.Warning, "The state machine of {Node} could not write a snapshot. The log grows until it can; correct the machine.", EventName = "SnapshotFailed")]
    private partial void LogSnapshotFailed(Exception failure, NodeKey node);

    [LoggerMessage(2124, LogLevel.Warning, "The state machine of {Node} could not do what was due, and is asked again; {HeldBack} more such failures were since this was said last. Correct the machine.", EventName = "ElapseFailed")]
    private partial void LogElapseFailed(Exception failure, NodeKey node, long heldBack);

    [LoggerMessage(2130, LogLevel.Debug, "{Node} leads and has not heard {Address} for an election timeout; it holds the entries up to {Match}.", EventName = "MemberSilent")]
    private partial void LogMemberSilent(NodeKey node, string address, LogIndex match);

    [LoggerMessage(2131, LogLevel.Debug, "{Node} hears {Address} again, or has no need to.", EventName = "MemberHeard")]
    private partial void LogMemberHeard(NodeKey node, string address);

    [LoggerMessage(2140, LogLevel.Information, "{Node} has ended: {End}.", EventName = "NodeEnded")]
    private partial void LogEnded(NodeKey node, NodeEnd end);

    [LoggerMessage(2141, LogLevel.Error, "{Node} has failed and stopped. Its data stays; mend the cause and restart the silo.", EventName = "NodeFailed")]
    private partial void LogFailed(Exception failure, NodeKey node);
}
