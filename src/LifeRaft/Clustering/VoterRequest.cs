namespace LifeRaft;

/// <summary>What a voter can be asked for.</summary>
internal enum VoterOperation : byte
{
    /// <summary>What it knows of itself and of the group.</summary>
    Look = 1,

    /// <summary>The leader tells a blank voter under which membership it is to accept entries.</summary>
    Admit = 2,

    /// <summary>A blank voter asks the leader to be admitted.</summary>
    Join = 3,

    /// <summary>A change of the table.</summary>
    Command = 4,

    /// <summary>The table.</summary>
    Query = 5,
}

/// <summary>A request to a voter.</summary>
/// <param name="Operation">What is asked for.</param>
/// <param name="Body">What it needs.</param>
internal sealed record VoterRequest(VoterOperation Operation, ReadOnlyMemory<byte> Body = default)
{
    /// <summary>The frame's content.</summary>
    public byte[] Encode(long number) => new FieldWriter().Int64(number).Byte((byte)Operation).Rest(Body.Span).ToArray();

    /// <exception cref="FormatException">The bytes are no request.</exception>
    public static (long Number, VoterRequest Request) Decode(ReadOnlyMemory<byte> content)
    {
        var reader = new FieldReader(content);
        return (reader.Int64(), new VoterRequest((VoterOperation)reader.Byte(), reader.Rest()));
    }
}

/// <summary>What came of a request.</summary>
internal enum ReplyStatus : byte
{
    /// <summary>It was done; the body is the result.</summary>
    Done = 0,

    /// <summary>This voter does not lead, and did nothing; the body names the leader, or is empty.</summary>
    NotLeader = 1,

    /// <summary>Nothing was done, and later it may be; the body says why.</summary>
    NotNow = 2,

    /// <summary>It may have been done, or may yet be; the body says why that is not known.</summary>
    Unknown = 3,

    /// <summary>Nothing was done, and never will be; the body says why.</summary>
    Refused = 4,

    /// <summary>Never on the wire: there was no connection, or too much waited, so the request was not sent and nothing was done.</summary>
    NotSent = 100,

    /// <summary>Never on the wire: the connection was lost, or too much time passed, before the answer. The request was sent, and may have been done.</summary>
    Lost = 101,
}

/// <summary>The answer of a voter, or that there was none.</summary>
/// <param name="Status">What came of the request.</param>
/// <param name="Body">The result, or why there is none.</param>
internal sealed record VoterReply(ReplyStatus Status, ReadOnlyMemory<byte> Body = default)
{
    public VoterReply(ReplyStatus status, string text)
        : this(status, System.Text.Encoding.UTF8.GetBytes(text))
    {
    }

    /// <summary>The body of whatever is not done.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Body.Span);

    /// <summary>The frame's content.</summary>
    public byte[] Encode(long number) => new FieldWriter().Int64(number).Byte((byte)Status).Rest(Body.Span).ToArray();

    /// <exception cref="FormatException">The bytes are no reply.</exception>
    public static (long Number, VoterReply Reply) Decode(ReadOnlyMemory<byte> content)
    {
        var reader = new FieldReader(content);
        return (reader.Int64(), new VoterReply((ReplyStatus)reader.Byte(), reader.Rest()));
    }
}
