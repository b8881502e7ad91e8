using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>What handles ask of a node. Refusals are replies, not exceptions: they are frequent, and a handle acts on them.</summary>
[Alias("liferaft.requests")]
internal interface IRaftRequests : IGrainWithStringKey
{
    /// <param name="command">
    /// Given away, as with <see cref="IGivenCommands"/>: marked as immutable it is not copied for the call, and lies in a queue of messages
    /// or in the leader's inbox when the caller may have given up long since. Bytes that changed there would be another command.
    /// </param>
    ValueTask<Reply> Command([Immutable] ReadOnlyMemory<byte> command);

    /// <param name="query">
    /// Not copied either, though it may be the user's memory: he changes it only when he no longer waits, and whatever is then asked changes
    /// nothing and is answered to nobody.
    /// </param>
    /// <param name="consistency">What the answer must promise.</param>
    ValueTask<Reply> Query([Immutable] ReadOnlyMemory<byte> query, ReadConsistency consistency);

    /// <summary>A question that the leader holds for so long; then it says that there is no answer yet.</summary>
    /// <param name="query">As above.</param>
    /// <param name="hold">How long.</param>
    ValueTask<Reply> Await([Immutable] ReadOnlyMemory<byte> query, TimeSpan hold);

    /// <summary>Admits a member, unless the group could come to have more voters by it than so many.</summary>
    ValueTask<Reply> AddMember(MemberId id, string address, GrainId grain, bool isVoter, int mostVoters);

    /// <summary>Admits a voter in the place of a member, under the same condition.</summary>
    ValueTask<Reply> ReplaceMember(MemberId replaced, MemberId id, string address, GrainId grain, int mostVoters);

    ValueTask<Reply> RemoveMember(MemberId id);

    ValueTask<Reply> TransferLeadership(MemberId target);

    ValueTask<Reply> Dissolve(GroupId group);

    ValueTask<NodeStatus> Look();

    /// <summary>Some entries of the log on this node's disk, from the first one that is asked for and there on.</summary>
    ValueTask<LogPiece> ReadLog(LogIndex first, int count);

    /// <summary>A part of the snapshot in force, from the offset on; of the one of that index, or of whichever it is for zero.</summary>
    ValueTask<SnapshotPiece> ReadSnapshot(LogIndex index, long offset);

    /// <summary>Opens a session. The result is an <see cref="OpenedSession"/> in a <see cref="SessionReply"/>, and the group is that of the session.</summary>
    ValueTask<Reply> OpenSession();

    /// <summary>A command of a session; it may be repeated, and its bytes, which are the user's, are copied for each call. The result is a <see cref="SessionReply"/>, as with the two that follow.</summary>
    ValueTask<Reply> SessionCommand(GroupId group, LogIndex session, long number, long answered, ReadOnlyMemory<byte> command);

    /// <summary>Says that the session's client lives, and that it has the answers of all numbers below <paramref name="answered"/>.</summary>
    ValueTask<Reply> KeepSession(GroupId group, LogIndex session, long answered);

    ValueTask<Reply> CloseSession(GroupId group, LogIndex session);
}

/// <summary>What became of a request.</summary>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.reply")]
internal sealed class Reply
{
    [Id(0)]
    public Outcome Outcome { get; init; }

    [Id(1)]
    public ReadOnlyMemory<byte> Result { get; init; }

    /// <summary>The state machine's error, or why the node does not serve.</summary>
    [Id(2)]
    public string? Error { get; init; }

    /// <summary>The leader that the node knows of; the default when it knows none.</summary>
    [Id(3)]
    public GrainId Leader { get; init; }

    /// <summary>For the opening of a session: the group in which it is open.</summary>
    [Id(4)]
    public GroupId Group { get; init; }

    /// <summary>For a question that waits: there is no answer yet.</summary>
    [Id(5)]
    public bool IsNotYet { get; init; }

    /// <summary>Whether it is known that nothing was done.</summary>
    public bool IsRefusal => Outcome is not (Outcome.Done or Outcome.Unknown);
}

/// <summary>What silos said about a group.</summary>
/// <param name="Nodes">Its nodes, members or not, ordered by address.</param>
/// <param name="Silent">The silos that should run and did not answer: what they hold is not known.</param>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.survey")]
internal sealed record GroupSurvey([property: Id(0)] IReadOnlyList<NodeStatus> Nodes, [property: Id(1)] IReadOnlyList<string> Silent);

/// <summary>
/// Finds the nodes of a group, from whichever silo the caller is at: it lives there and in no directory, so that it is found while a
/// silo that has vanished still counts as running.
/// </summary>
[Alias("liferaft.locator")]
internal interface IRaftLocator : IGrainWithStringKey
{
    /// <summary>All nodes of the group on the silos that can be asked, members or not.</summary>
    Task<GroupSurvey> Locate();

    /// <summary>The silos that can hold nodes now.</summary>
    Task<IReadOnlyList<string>> Silos();

    /// <summary>The id of the grain of that node, by the machine's registration.</summary>
    Task<GrainId> GrainOf(string address);
}

/// <summary>
/// Changes who belongs to a group, from whichever silo the caller is at: it lives there and in no directory, so that it is found while a
/// silo that has vanished still counts as running. There may be as many of them at work as there are silos.
/// </summary>
[Alias("liferaft.coordinator")]
internal interface IRaftCoordinator : IGrainWithStringKey
{
    /// <summary>Founds the group with these nodes. Repeated with the same ones it changes nothing.</summary>
    Task<IReadOnlyList<MemberStatus>> Create(IReadOnlyList<string> addresses, GroupTimings? timings);

    /// <summary>Makes nodes voting members of the group, founding it when there is none.</summary>
    Task<JoinResult> Join(string? member, string address);

    /// <summary>Makes a node a voting member of a group that exists.</summary>
    Task<JoinResult> AddVoter(string address);

    /// <summary>Makes a node a member of the group that does not vote.</summary>
    Task<JoinResult> AddLearner(string address);

    /// <summary>Makes a node a voting member in the place of another, which goes in the same step.</summary>
    Task<JoinResult> Replace(string replaced, string address);

    /// <summary>
    /// Founds the group with so many members on silos of its choice, unless it was founded before; brings a founding that was broken off
    /// to its end. It does one step of it, or none, and says what it waits for.
    /// </summary>
    Task<DeclaredGroup> Declare(int members);
}

/// <summary>How far a declared group is.</summary>
/// <param name="Group">The group's id; none as long as it is not known.</param>
/// <param name="WaitsFor">What has to happen first; null when nothing is left to do.</param>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.declared")]
internal sealed record DeclaredGroup([property: Id(0)] GroupId Group, [property: Id(1)] string? WaitsFor)
{
    /// <summary>Whether the group was deleted, and so is not founded again.</summary>
    [Id(2)]
    public bool IsDeleted { get; init; }

    /// <summary>It waits for silos that should run and did not answer: they may hold the group.</summary>
    public static DeclaredGroup Unheard(GroupSurvey survey) => new(GroupId.None, $"an answer of {string.Join(", ", survey.Silent)}, which should run");
}
