using System.Buffers.Binary;

namespace LifeRaft.Protocol;

/// <summary>What an entry of the log is for. The numbers are stored and sent: they never change.</summary>
public enum EntryKind : byte
{
    /// <summary>A command for the state machine.</summary>
    Command = 1,

    /// <summary>The empty entry with which a leader opens its term, so that it has something of its own to commit (Raft paper, 8).</summary>
    NoOp = 2,

    /// <summary>A <see cref="GroupConfiguration"/>; it is in force from the moment it is appended (Ongaro's thesis, 4.1).</summary>
    Configuration = 3,

    /// <summary>The end of the group: once applied, every member deletes its data.</summary>
    Dissolution = 4,

    /// <summary>
    /// A command of a client session, or the opening, keeping or closing of one. The payload is the host's: a session is a part of the
    /// replicated state, of which the protocol knows nothing.
    /// </summary>
    SessionCommand = 5,

    /// <summary>Time has passed: it lets the state machine do what is due. The payload is empty; the entry's clock says how much time.</summary>
    Tick = 6,
}

/// <summary>
/// One entry of the replicated log. It is encoded once, when it is proposed; the same bytes go to the disk of every member and
/// over every link.
/// </summary>
public sealed class LogEntry
{
    /// <summary>Bytes before the payload: kind 1, index 8, term 8, time 8, clock 8.</summary>
    public const int HeaderBytes = 33;

    private LogEntry(ReadOnlyMemory<byte> encoded, EntryKind kind, LogIndex index, Term term, long proposedAt, TimeSpan clock)
    {
        Encoded = encoded;
        Kind = kind;
        Index = index;
        Term = term;
        ProposedAtUnixMilliseconds = proposedAt;
        Clock = clock;
    }

    /// <summary>Position in the log.</summary>
    public LogIndex Index { get; }

    /// <summary>The term of the leader that appended the entry.</summary>
    public Term Term { get; }

    /// <summary>What the entry is for.</summary>
    public EntryKind Kind { get; }

    /// <summary>
    /// The wall clock of the proposing leader, in milliseconds since 1970 (UTC). It is data: every member applies the same value,
    /// and the protocol never compares it.
    /// </summary>
    public long ProposedAtUnixMilliseconds { get; }

    /// <summary>
    /// The group's elapsed time when the entry was proposed, as the proposing leader knew it; zero where nobody asks. Data like the
    /// wall clock: the protocol never looks at it.
    /// </summary>
    public TimeSpan Clock { get; }

    /// <summary>Header and payload: what is stored and sent.</summary>
    public ReadOnlyMemory<byte> Encoded { get; }

    /// <summary>What the proposer gave.</summary>
    public ReadOnlyMemory<byte> Payload => Encoded[HeaderBytes..];

    /// <summary>Encodes a new entry.</summary>
    public static LogEntry Create(EntryKind kind, LogIndex index, Term term, long proposedAtUnixMilliseconds, ReadOnlySpan<byte> payload, TimeSpan clock = default)
    {
        var bytes = new byte[HeaderBytes + payload.Length];
        bytes[0] = (byte)kind;
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(1), index.Value);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(9), term.Value);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(17), proposedAtUnixMilliseconds);
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(25), clock.Ticks);
        payload.CopyTo(bytes.AsSpan(HeaderBytes));
        return new LogEntry(bytes, kind, index, term, proposedAtUnixMilliseconds, clock);
    }

    /// <summary>Reads an entry as <see cref="Encoded"/> wrote it; the entry keeps the memory.</summary>
    /// <exception cref="FormatException">The bytes are no entry; the message says what is wrong with them.</exception>
    public static LogEntry Decode(ReadOnlyMemory<byte> encoded)
    {
        var bytes = encoded.Span;
        if (bytes.Length < HeaderBytes)
        {
            throw new FormatException($"A log entry has at least {HeaderBytes} bytes; these are {bytes.Length}.");
        }

        var kind = (EntryKind)bytes[0];
        if (kind is < EntryKind.Command or > EntryKind.Tick)
        {
            throw new FormatException($"A log entry cannot be of kind {bytes[0]}: corrupt, or written by a newer version.");
        }

        var index = BinaryPrimitives.ReadInt64BigEndian(bytes[1..]);
        var term = BinaryPrimitives.ReadInt64BigEndian(bytes[9..]);
        if (index < 1 || term < 1)
        {
            throw new FormatException($"A log entry cannot have index {index} and term {term}: corrupt.");
        }

        var (proposedAt, clock) = (BinaryPrimitives.ReadInt64BigEndian(bytes[17..]), BinaryPrimitives.ReadInt64BigEndian(bytes[25..]));
        return new LogEntry(encoded, kind, new LogIndex(index), new Term(term), proposedAt, new TimeSpan(clock));
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Index}@{Term} {Kind} ({Encoded.Length - HeaderBytes} bytes)";
}
