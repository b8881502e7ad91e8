namespace LifeRaft.Protocol;

/// <summary>Something that happened to a node.</summary>
public abstract record NodeEvent;

/// <summary>The term rose; the vote of the old one is void.</summary>
public sealed record TermChanged(Term New, Term Old) : NodeEvent;

/// <summary>Another leader is known, or none any more (<see cref="MemberId.None"/>).</summary>
public sealed record LeaderChanged(MemberId New, MemberId Old) : NodeEvent;

/// <summary>The state changed.</summary>
public sealed record StateChanged(RaftState New, RaftState Old) : NodeEvent;

/// <summary>No leader was heard for an election timeout; the node campaigns next.</summary>
public sealed record HeartbeatTimedOut : NodeEvent;

/// <summary>This node asks for votes.</summary>
/// <param name="Term">The term that it would lead.</param>
/// <param name="Cause">Why.</param>
public sealed record ElectionStarted(Term Term, ElectionCause Cause) : NodeEvent;

/// <summary>This node leads no more.</summary>
/// <param name="Term">The term that it led.</param>
/// <param name="Cause">Why.</param>
public sealed record LeadershipEnded(Term Term, LeadershipEndCause Cause) : NodeEvent;

/// <summary>A round of heartbeats is about to leave.</summary>
public sealed record HeartbeatSent(long Round) : NodeEvent;

/// <summary>A vote request was answered.</summary>
public sealed record VoteAnswered(VoteRequest Request, bool Granted) : NodeEvent;

/// <summary>A membership change that admitted this member was committed.</summary>
public sealed record MemberJoined(Member Member) : NodeEvent;

/// <summary>A membership change that removed this member was committed.</summary>
public sealed record MemberLeft(Member Member) : NodeEvent;

/// <summary>A message was not accepted, here or by its receiver.</summary>
public sealed record MessageRefused(string Reason) : NodeEvent;

/// <summary>A snapshot of this node's own state is in force.</summary>
public sealed record SnapshotInForce(SnapshotHeader Snapshot) : NodeEvent;

/// <summary>A snapshot from the leader took the place of this node's state and log.</summary>
public sealed record SnapshotInstalled(SnapshotHeader Snapshot) : NodeEvent;

/// <summary>A follower needs entries that were compacted away, and is sent a snapshot.</summary>
public sealed record SnapshotOffered(Member Follower, SnapshotHeader Snapshot) : NodeEvent;
