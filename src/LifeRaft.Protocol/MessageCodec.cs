using System.Buffers.Binary;

namespace LifeRaft.Protocol;

/// <summary>
/// How messages travel: version 1, kind 1, group 16, sender 16, receiver 16, term 8, correlation 8, then the fields of the kind;
/// big-endian. Entries travel as they were encoded when they were proposed. Whoever changes a field raises the version: silos of different
/// builds run side by side, and one must not misread the other.
/// </summary>
public static class MessageCodec
{
    private const byte Version = 2;
    private const int HeaderBytes = 2 + (3 * 16) + (2 * 8);

    private enum Kind : byte
    {
        VoteRequest = 1,
        VoteResponse = 2,
        AppendRequest = 3,
        AppendResponse = 4,
        HeartbeatRequest = 5,
        HeartbeatResponse = 6,
        TimeoutNow = 7,
        MembershipQuestion = 8,
        Refusal = 9,
        SnapshotRequest = 10,
        SnapshotResponse = 11,
        ReadIndexRequest = 12,
        ReadIndexResponse = 13,
    }

    /// <summary>Writes a message, in one piece.</summary>
    public static byte[] Encode(RaftMessage message) => Parts(message).ToArray();

    /// <summary>Writes what is for this receiver, and leaves the entries as they are.</summary>
    public static MessageParts Parts(RaftMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        return new MessageParts(EncodeHead(message), message is AppendRequest append ? append.Entries : []);
    }

    /// <summary>Reads a message. Its entries keep the memory.</summary>
    /// <exception cref="FormatException">The bytes are no message; the text says what is wrong with them.</exception>
    public static RaftMessage Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.Length < HeaderBytes)
        {
            throw new FormatException($"A message has at least {HeaderBytes} bytes; these are {bytes.Length}.");
        }

        var reader = new Reader(bytes);
        var version = reader.Byte();
        if (version != Version)
        {
            throw new FormatException($"The message is of version {version}; this silo reads version {Version}. Update the older silo.");
        }

        var kind = (Kind)reader.Byte();
        var (group, from, to) = (new GroupId(reader.Guid()), new MemberId(reader.Guid()), new MemberId(reader.Guid()));
        var (term, correlation) = (reader.Term(), reader.Long());
        try
        {
            var message = DecodeBody(kind, ref reader) with { Group = group, From = from, To = to, Term = term, Correlation = correlation };
            var problem = reader.IsAtEnd ? MessageRules.ProblemOf(message) : "There are bytes after its end.";
            return problem is null ? message : throw new FormatException($"The {bytes.Length} bytes are no message of kind {kind}. {problem}");
        }
        catch (ArgumentOutOfRangeException failure)
        {
            throw new FormatException($"A message of kind {kind} is cut off after {bytes.Length} bytes.", failure);
        }
    }

    private static byte[] EncodeHead(RaftMessage message) => message switch
    {
        VoteRequest vote => Begin(message, Kind.VoteRequest, 18).Put(vote.LastIndex.Value).Put(vote.LastTerm.Value).Put(vote.IsPreVote).Put(vote.IsDeliberate).Bytes,
        VoteResponse vote => Begin(message, Kind.VoteResponse, 11).Put(vote.Granted).Put(vote.IsPreVote).Put(vote.HearsLeader).Put(vote.RequestTerm.Value).Bytes,
        AppendRequest append => Begin(message, Kind.AppendRequest, 29).Put(append.PreviousIndex.Value).Put(append.PreviousTerm.Value).Put(append.Commit.Value).Put(append.IsProbe).Put(append.Entries.Count).Bytes,
        AppendResponse append => Begin(message, Kind.AppendResponse, 33).Put(append.IsConflict).Put(append.Match.Value).Put(append.RejectedIndex.Value).Put(append.HintIndex.Value).Put(append.HintTerm.Value).Bytes,
        HeartbeatRequest beat => Begin(message, Kind.HeartbeatRequest, 21 + beat.Attachment.Length).Put(beat.Commit.Value).Put(beat.Round).Put(beat.IsQuiet).Put(beat.Attachment.Length).Put(beat.Attachment.Span).Bytes,
        HeartbeatResponse beat => Begin(message, Kind.HeartbeatResponse, 29).Put(beat.Round).Put(beat.Verified.Value).Put(beat.Match.Value).Put(beat.IsQuiet).Put(beat.Priority).Bytes,
        SnapshotRequest part => EncodeSnapshot(part),
        SnapshotResponse part => Begin(message, Kind.SnapshotResponse, 33).Put(part.Position.Index.Value).Put(part.Position.Term.Value).Put(unchecked((long)part.Checksum)).Put(part.Offset).Put(part.IsGap).Bytes,
        ReadIndexRequest read => Begin(message, Kind.ReadIndexRequest, 8).Put(read.Id).Bytes,
        ReadIndexResponse read => Begin(message, Kind.ReadIndexResponse, 17).Put(read.Id).Put(read.Index.Value).Put(read.IsRefused).Bytes,
        TimeoutNow => Begin(message, Kind.TimeoutNow, 0).Bytes,
        MembershipQuestion => Begin(message, Kind.MembershipQuestion, 0).Bytes,
        Refusal refusal => Begin(message, Kind.Refusal, 33).Put((byte)refusal.Reason).Put(refusal.Actual.Group.Value).Put(refusal.Actual.Member.Value).Bytes,
        _ => throw new ArgumentException($"A message of the type {message.GetType()} is not part of the protocol.", nameof(message)),
    };

    private static RaftMessage DecodeBody(Kind kind, ref Reader reader) => kind switch
    {
        Kind.VoteRequest => new VoteRequest { LastIndex = reader.Index(), LastTerm = reader.Term(), IsPreVote = reader.Bool(), IsDeliberate = reader.Bool() },
        Kind.VoteResponse => new VoteResponse { Granted = reader.Bool(), IsPreVote = reader.Bool(), HearsLeader = reader.Bool(), RequestTerm = reader.Term() },
        Kind.AppendRequest => DecodeAppend(ref reader),
        Kind.AppendResponse => new AppendResponse { IsConflict = reader.Bool(), Match = reader.Index(), RejectedIndex = reader.Index(), HintIndex = reader.Index(), HintTerm = reader.Term() },
        Kind.HeartbeatRequest => new HeartbeatRequest { Commit = reader.Index(), Round = reader.Long(), IsQuiet = reader.Bool(), Attachment = reader.Take(reader.Int()) },
        Kind.HeartbeatResponse => new HeartbeatResponse { Round = reader.Long(), Verified = reader.Index(), Match = reader.Index(), IsQuiet = reader.Bool(), Priority = reader.Int() },
        Kind.SnapshotRequest => new SnapshotRequest { Header = SnapshotHeaderCodec.Decode(reader.Take(reader.Int())), Offset = reader.Long(), Data = reader.Take(reader.Int()) },
        Kind.SnapshotResponse => new SnapshotResponse { Position = new LogPosition(reader.Index(), reader.Term()), Checksum = unchecked((ulong)reader.Long()), Offset = reader.Long(), IsGap = reader.Bool() },
        Kind.ReadIndexRequest => new ReadIndexRequest { Id = reader.Long() },
        Kind.ReadIndexResponse => new ReadIndexResponse { Id = reader.Long(), Index = reader.Index(), IsRefused = reader.Bool() },
        Kind.TimeoutNow => new TimeoutNow(),
        Kind.MembershipQuestion => new MembershipQuestion(),
        Kind.Refusal => new Refusal { Reason = (RefusalReason)reader.Byte(), Actual = new NodeIdentity(new GroupId(reader.Guid()), new MemberId(reader.Guid())) },
        _ => throw new FormatException($"A message cannot be of kind {(byte)kind}: corrupt, or sent by a newer version."),
    };

    private static byte[] EncodeSnapshot(SnapshotRequest part)
    {
        var header = SnapshotHeaderCodec.Encode(part.Header);
        return Begin(part, Kind.SnapshotRequest, 16 + header.Length + part.Data.Length)
            .Put(header.Length).Put(header).Put(part.Offset).Put(part.Data.Length).Put(part.Data.Span).Bytes;
    }

    private static AppendRequest DecodeAppend(ref Reader reader)
    {
        var (previousIndex, previousTerm, commit, isProbe, count) = (reader.Index(), reader.Term(), reader.Index(), reader.Bool(), reader.Int());
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var entries = new List<LogEntry>(Math.Min(count, 4096));
        for (var i = 0; i < count; i++)
        {
            entries.Add(LogEntry.Decode(reader.Take(reader.Int())));
        }

        return new AppendRequest { PreviousIndex = previousIndex, PreviousTerm = previousTerm, Commit = commit, IsProbe = isProbe, Entries = entries };
    }

    private static Writer Begin(RaftMessage message, Kind kind, int bodyBytes) =>
        new Writer(new byte[HeaderBytes + bodyBytes], 0)
            .Put(Version).Put((byte)kind).Put(message.Group.Value).Put(message.From.Value).Put(message.To.Value).Put(message.Term.Value).Put(message.Correlation);

    private readonly struct Writer(byte[] bytes, int position)
    {
        public byte[] Bytes => bytes;

        public Writer Put(byte value)
        {
            bytes[position] = value;
            return new Writer(bytes, position + 1);
        }

        public Writer Put(bool value) => Put(value ? (byte)1 : (byte)0);

        public Writer Put(int value)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(position), value);
            return new Writer(bytes, position + 4);
        }

        public Writer Put(long value)
        {
            BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(position), value);
            return new Writer(bytes, position + 8);
        }

        public Writer Put(Guid value)
        {
            value.TryWriteBytes(bytes.AsSpan(position));
            return new Writer(bytes, position + 16);
        }

        public Writer Put(ReadOnlySpan<byte> value)
        {
            value.CopyTo(bytes.AsSpan(position));
            return new Writer(bytes, position + value.Length);
        }
    }

    private struct Reader(ReadOnlyMemory<byte> rest)
    {
        public readonly bool IsAtEnd => rest.IsEmpty;

        public ReadOnlyMemory<byte> Take(int count)
        {
            var taken = rest[..count];
            rest = rest[count..];
            return taken;
        }

        public byte Byte() => Take(1).Span[0];

        public bool Bool() => Byte() != 0;

        public int Int() => BinaryPrimitives.ReadInt32BigEndian(Take(4).Span);

        public long Long() => BinaryPrimitives.ReadInt64BigEndian(Take(8).Span);

        public LogIndex Index() => new(Long());

        public Term Term() => new(Long());

        public Guid Guid() => new(Take(16).Span);
    }
}
