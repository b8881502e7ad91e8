using System.Buffers.Binary;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What a session's request asks for. The numbers are stored in logs: they never change.</summary>
internal enum SessionRequestKind : byte
{
    Open = 1,
    Command = 2,
    KeepAlive = 3,
    Close = 4,
}

/// <summary>
/// A session's request, the payload of an entry of kind <see cref="EntryKind.SessionCommand"/>: kind (1 byte), the leader's clock
/// (8 bytes), then for an opening the limits and for everything else the session, followed by what the kind needs.
/// </summary>
internal readonly record struct SessionRequest(SessionRequestKind Kind)
{
    /// <summary>What stands before a command: kind, clock, session, answered, number.</summary>
    public const int CommandHeaderBytes = 1 + (4 * sizeof(long));

    private const int OpenBytes = 1 + (3 * sizeof(long)) + (2 * sizeof(int));

    /// <summary>
    /// What the clock of the leader showed when it proposed the entry, in milliseconds since a moment of its own. It never leaps, but
    /// only two readings of one term can be compared: they are of one leader.
    /// </summary>
    public long ClockMilliseconds { get; init; }

    /// <summary>For an opening.</summary>
    public SessionLimits Limits { get; init; }

    public LogIndex Session { get; init; }

    /// <summary>The client has the answers of all its commands below this number, or wants them no more; so it is at most the number.</summary>
    public long Answered { get; init; }

    /// <summary>For a command: its number, counted from 1.</summary>
    public long Number { get; init; }

    public ReadOnlyMemory<byte> Command { get; init; }

    public byte[] Encode(TimeSpan clock)
    {
        var bytes = new byte[Kind switch
        {
            SessionRequestKind.Open => OpenBytes,
            SessionRequestKind.Command => CommandHeaderBytes + Command.Length,
            SessionRequestKind.KeepAlive => CommandHeaderBytes - sizeof(long),
            _ => CommandHeaderBytes - (2 * sizeof(long)),
        }];
        bytes[0] = (byte)Kind;
        Write(bytes, 0, clock.Ticks / TimeSpan.TicksPerMillisecond);
        if (Kind == SessionRequestKind.Open)
        {
            Write(bytes, 1, Limits.TimeoutMilliseconds);
            Write(bytes, 2, Limits.ResultBytes);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(25), Limits.Sessions);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(29), Limits.Results);
            return bytes;
        }

        Write(bytes, 1, Session.Value);
        if (Kind != SessionRequestKind.Close)
        {
            Write(bytes, 2, Answered);
        }

        if (Kind == SessionRequestKind.Command)
        {
            Write(bytes, 3, Number);
            Command.Span.CopyTo(bytes.AsSpan(CommandHeaderBytes));
        }

        return bytes;
    }

    /// <summary>Reads a request; the command is a part of the bytes. False if they are none.</summary>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, out SessionRequest request)
    {
        var kind = bytes.IsEmpty ? default : (SessionRequestKind)bytes.Span[0];
        request = new SessionRequest(kind);
        var isComplete = kind switch
        {
            SessionRequestKind.Open => bytes.Length == OpenBytes,
            SessionRequestKind.Command => bytes.Length >= CommandHeaderBytes,
            SessionRequestKind.KeepAlive => bytes.Length == CommandHeaderBytes - sizeof(long),
            SessionRequestKind.Close => bytes.Length == CommandHeaderBytes - (2 * sizeof(long)),
            _ => false,
        };
        if (!isComplete)
        {
            return false;
        }

        var span = bytes.Span;
        request = kind == SessionRequestKind.Open
            ? request with
            {
                ClockMilliseconds = Read(span, 0),
                Limits = new SessionLimits(
                    Read(span, 1), BinaryPrimitives.ReadInt32LittleEndian(span[25..]), BinaryPrimitives.ReadInt32LittleEndian(span[29..]), Read(span, 2)),
            }
            : request with
            {
                ClockMilliseconds = Read(span, 0),
                Session = new LogIndex(Read(span, 1)),
                Answered = kind == SessionRequestKind.Close ? 0 : Read(span, 2),
                Number = kind == SessionRequestKind.Command ? Read(span, 3) : 0,
                Command = kind == SessionRequestKind.Command ? bytes[CommandHeaderBytes..] : default,
            };
        return request.IsPossible;
    }

    /// <summary>Clocks, indices and numbers count up from zero; the upper half is out of reach, so that adding to one never overflows.</summary>
    private bool IsPossible => IsInReach(ClockMilliseconds) && IsInReach(Session.Value) && IsInReach(Answered) && Kind switch
    {
        SessionRequestKind.Open => Limits.AreValid,
        SessionRequestKind.Command => IsInReach(Number) && Number > 0 && Answered <= Number,
        _ => true,
    };

    private static bool IsInReach(long number) => number is >= 0 and <= long.MaxValue / 2;

    private static void Write(Span<byte> bytes, int place, long value) => BinaryPrimitives.WriteInt64LittleEndian(bytes[(1 + (place * sizeof(long)))..], value);

    private static long Read(ReadOnlySpan<byte> bytes, int place) => BinaryPrimitives.ReadInt64LittleEndian(bytes[(1 + (place * sizeof(long)))..]);
}
