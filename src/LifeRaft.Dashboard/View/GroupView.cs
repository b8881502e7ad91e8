using LifeRaft.Protocol;

namespace LifeRaft.Dashboard;

/// <summary>One group with everything that its nodes say; what <c>GET api/groups/{name}</c> answers.</summary>
internal sealed record GroupView(
    string Name,
    string Id,
    GroupHealth Health,
    IReadOnlyList<string> Problems,
    string? Leader,
    DateTimeOffset? LeaderSince,
    long Term,
    long Commit,
    int CanLose,
    int Voters,
    int Elections,
    double? CommitP50Ms,
    double? CommitP99Ms,
    IReadOnlyList<MemberView> Members);

/// <summary>One member.</summary>
/// <param name="IsUp">Whether it says something, or the leader hears it.</param>
/// <param name="Node">What it says of itself; absent when it said nothing.</param>
/// <param name="Peer">What the leader says of it; absent for the leader, and without one.</param>
internal sealed record MemberView(
    string Address, string Silo, bool IsVoter, bool IsUp, string? Problem, double? SyncP99Ms, NodeView? Node, PeerView? Peer);

/// <summary>What a node says of itself.</summary>
/// <param name="Snapshot">The last entry that its newest snapshot covers; 0 for none.</param>
/// <param name="LogBase">Entries up to this one were compacted away.</param>
/// <param name="LastContactMs">How long ago it heard its leader.</param>
/// <param name="ElectionDueMs">In what time it campaigns if it hears none.</param>
/// <param name="IsQuiet">Whether it sends and awaits no heartbeats, because its group has nothing to do.</param>
/// <param name="Terms">Where runs of entries of one term begin: pairs of term and first entry.</param>
/// <param name="Peers">On a leader: what it knows of each other member.</param>
internal sealed record NodeView(
    RaftState State,
    long Term,
    string? Leader,
    DateTimeOffset? LeaderSince,
    long Last,
    long Commit,
    long Applied,
    long Snapshot,
    long LogBase,
    double? LastContactMs,
    double? ElectionDueMs,
    double ElectionTimeoutMs,
    int Elections,
    int Pending,
    bool IsQuiet,
    IReadOnlyList<long[]> Terms,
    IReadOnlyList<PeerView> Peers);

/// <summary>What a leader knows of one other member.</summary>
/// <param name="Match">The last entry that is known to be durable there.</param>
/// <param name="SnapshotShare">How much of a snapshot it has, as a share of 1, while it is sent one.</param>
internal sealed record PeerView(
    string Address,
    long Match,
    long Lag,
    bool IsReachable,
    double LastContactMs,
    double? RoundTripMs,
    double? RoundTripP99Ms,
    string? Refusal,
    double? SnapshotShare);
