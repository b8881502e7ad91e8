using System.Buffers.Binary;
using System.Text;
using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>What became of a session's request when its entry was applied. The numbers are stored in snapshots and sent: they never change.</summary>
internal enum SessionOutcome : byte
{
    /// <summary>The session is open, kept or closed; or the command is applied and this is its result.</summary>
    Done = 1,

    /// <summary>The command is applied, and the state machine threw; the body is the message.</summary>
    Failed = 2,

    /// <summary>The command is applied, and its result is no longer remembered.</summary>
    Forgotten = 3,

    /// <summary>The session has expired, was closed, or never was. Nothing was applied.</summary>
    Expired = 4,

    /// <summary>The number lies below those whose answers the client has said to have. Nothing was applied.</summary>
    Answered = 5,

    /// <summary>Too many commands of the session are unanswered. Nothing was applied.</summary>
    TooMany = 6,

    /// <summary>The request makes no sense. Nothing was applied.</summary>
    Malformed = 7,
}

/// <summary>The answer to a session's request, as it travels: outcome (1 byte), body (the rest).</summary>
internal readonly record struct SessionReply(SessionOutcome Outcome, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whether nothing was applied.</summary>
    public bool IsRefusal => Outcome >= SessionOutcome.Expired;

    public string Message => Encoding.UTF8.GetString(Body.Span);

    public static SessionReply Failed(string message) => new(SessionOutcome.Failed, Encoding.UTF8.GetBytes(message));

    public byte[] Encode()
    {
        var bytes = new byte[1 + Body.Length];
        bytes[0] = (byte)Outcome;
        Body.Span.CopyTo(bytes.AsSpan(1));
        return bytes;
    }

    /// <exception cref="FormatException">The bytes are no reply.</exception>
    public static SessionReply Decode(ReadOnlyMemory<byte> bytes) =>
        !bytes.IsEmpty && bytes.Span[0] is >= (byte)SessionOutcome.Done and <= (byte)SessionOutcome.Malformed
            ? new((SessionOutcome)bytes.Span[0], bytes[1..])
            : throw new FormatException($"{bytes.Length} bytes are no answer to a session's request: the silo is of a newer version. Update the client.");
}

/// <summary>The body of the answer to the opening of a session.</summary>
/// <param name="Session">The session's id: the index of the entry that opened it.</param>
/// <param name="TimeoutMilliseconds">After so long without a request it expires.</param>
/// <param name="Results">So many of its commands may be unanswered.</param>
internal readonly record struct OpenedSession(LogIndex Session, long TimeoutMilliseconds, int Results)
{
    private const int Length = sizeof(long) + sizeof(long) + sizeof(int);

    public byte[] Encode()
    {
        var bytes = new byte[Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Session.Value);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), TimeoutMilliseconds);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), Results);
        return bytes;
    }

    /// <exception cref="FormatException">The bytes are no opened session.</exception>
    public static OpenedSession Decode(ReadOnlySpan<byte> bytes) => bytes.Length == Length
        ? new(
            new LogIndex(BinaryPrimitives.ReadInt64LittleEndian(bytes)),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(bytes[16..]))
        : throw new FormatException($"{bytes.Length} bytes are no opened session: the silo is of another version. Update the older of the two.");
}
