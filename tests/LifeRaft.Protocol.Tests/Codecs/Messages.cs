using CsCheck;
using LifeRaft.Protocol.Tests.Harness;

namespace LifeRaft.Protocol.Tests.Codecs;

/// <summary>Arbitrary messages, entries and configurations that a node could have written.</summary>
internal static class Messages
{
    private static readonly Gen<long> Number = Gen.Frequency((3, Gen.Long[0, 300]), (1, Gen.Long[0, long.MaxValue / 4]));
    private static readonly Gen<LogIndex> Index = Number.Select(value => new LogIndex(value));
    private static readonly Gen<Term> Terms = Number.Select(value => new Term(value));
    private static readonly Gen<MemberId> Id = Gen.Guid.Select(value => new MemberId(value));

    public static Gen<GroupConfiguration> Configuration { get; } = Gen.Select(Members(1, 5), Members(0, 3), Members(0, 3), Id.Array[0, 5], Gen.Int[1, 100], (voters, outgoing, learners, removed, ms) =>
        new GroupConfiguration([.. voters], [.. outgoing], [.. learners], [.. removed], GroupTimings.Default with { Heartbeat = TimeSpan.FromMilliseconds(ms) }));

    public static Gen<SnapshotHeader> Header { get; } = Gen.Select(Gen.Long[1, 300], Gen.Long[1, 300], Configuration, Gen.Long[0, 1000], Gen.ULong, (index, term, configuration, bytes, checksum) =>
        new SnapshotHeader(new LogPosition(new LogIndex(index), new Term(term)), new LogIndex(((index - 1) / 2) + 1), configuration, bytes, checksum));

    private static readonly Gen<RaftMessage> Votes = Gen.OneOf<RaftMessage>(
        Gen.Select(Index, Terms, Gen.Bool, Gen.Bool, (index, term, pre, deliberate) => new VoteRequest { LastIndex = index, LastTerm = term, IsPreVote = pre, IsDeliberate = deliberate }),
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Bool, Terms, (granted, pre, hears, term) => new VoteResponse { Granted = granted, IsPreVote = pre, HearsLeader = hears, RequestTerm = term }));

    private static readonly Gen<RaftMessage> Appends = Gen.OneOf<RaftMessage>(
        Gen.Select(Gen.Long[0, 100], Gen.Long[0, 3], Gen.Byte.Array[0, 40].Array[0, 5], Index, Gen.Bool, (previous, term, payloads, commit, probe) => new AppendRequest
        {
            PreviousIndex = new LogIndex(previous),
            PreviousTerm = new Term(previous == 0 ? 0 : term + 1),
            Entries = [.. payloads.Select((payload, i) => LogEntry.Create(EntryKind.Command, new LogIndex(previous + 1 + i), new Term(term + 2 + i), i, payload))],
            Commit = commit,
            IsProbe = probe,
            Term = new Term(term + 10),
        }),
        Gen.Select(Gen.Bool, Index, Index, Index, Terms, (conflict, match, rejected, hint, term) =>
            new AppendResponse { IsConflict = conflict, Match = match, RejectedIndex = rejected, HintIndex = hint, HintTerm = term }));

    private static readonly Gen<RaftMessage> Others = Gen.OneOf<RaftMessage>(
        Gen.Select(Index, Number, Gen.Bool, Gen.Byte.Array[0, 20], (commit, round, quiet, attachment) => new HeartbeatRequest { Commit = commit, Round = round, IsQuiet = quiet, Attachment = attachment }),
        Gen.Select(Number, Index, Index, Gen.Bool, Gen.Int, (round, verified, match, quiet, priority) => new HeartbeatResponse { Round = round, Verified = verified, Match = match, IsQuiet = quiet, Priority = priority }),
        Gen.Const(new TimeoutNow()),
        Gen.Long.Select(id => new ReadIndexRequest { Id = id }),
        Gen.Select(Gen.Long, Index, Gen.Bool, (id, index, refused) => new ReadIndexResponse { Id = id, Index = index, IsRefused = refused }),
        Gen.Const(new MembershipQuestion()),
        Gen.Select(Gen.Enum<RefusalReason>(), Gen.Guid, Id, (reason, group, member) => new Refusal { Reason = reason, Actual = new NodeIdentity(new GroupId(group), member) }));

    private static readonly Gen<RaftMessage> Snapshots = Gen.OneOf<RaftMessage>(
        Gen.Select(Header, Gen.Long[0, 1000], Gen.Byte.Array[0, 40], (header, offset, data) => new SnapshotRequest
        {
            Header = header with { Bytes = offset + data.Length + 5 },
            Offset = offset,
            Data = data,
            Term = header.Term,
        }),
        Gen.Select(Index, Terms, Gen.ULong, Number, Gen.Bool, (index, term, checksum, offset, gap) =>
            new SnapshotResponse { Position = new LogPosition(index, term), Checksum = checksum, Offset = offset, IsGap = gap }));

    public static Gen<RaftMessage> Any { get; } = Gen.Select(Gen.OneOf(Votes, Appends, Others, Snapshots), Gen.Guid, Id, Id, Terms, Gen.Long, (message, group, from, to, term, correlation) =>
        message with { Group = new GroupId(group), From = from, To = to, Term = message is AppendRequest or SnapshotRequest ? message.Term : term, Correlation = correlation });

    public static Gen<LogEntry> Entry { get; } = Gen.Select(Gen.Enum<EntryKind>(), Gen.Long[1, long.MaxValue], Gen.Long[1, long.MaxValue], Gen.Long, Gen.Byte.Array[0, 60], (kind, index, term, time, payload) =>
        LogEntry.Create(kind, new LogIndex(index), new Term(term), time, payload));

    private static Gen<Member[]> Members(int least, int most) =>
        Gen.Select(Id, Gen.String[0, 20], Gen.String[0, 20], Gen.Bool, Id, (id, address, endpoint, votes, replaces) => new Member(id, address, endpoint, votes, replaces)).Array[least, most];
}
