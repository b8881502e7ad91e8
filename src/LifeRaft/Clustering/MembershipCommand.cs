namespace LifeRaft;

/// <summary>The first byte of a command. The numbers are in logs: they never change.</summary>
internal enum MembershipCommandKind : byte
{
    Insert = 1,
    Update = 2,
    SignOfLife = 3,
    Cleanup = 4,
    Clear = 5,
}

/// <summary>What came of an insert or an update.</summary>
internal enum MembershipOutcome : byte
{
    /// <summary>The row, its ETag or the version of the table was not what the writer had read: nothing was changed.</summary>
    Conflict = 0,

    /// <summary>It was written, by this command or by one of the same id before it.</summary>
    Written = 1,

    /// <summary>A repetition that comes so late that nobody remembers whether the first one was applied.</summary>
    Forgotten = 2,
}

/// <summary>A change of the membership table.</summary>
/// <param name="Kind">What to do.</param>
/// <param name="Id">
/// Drawn for each insert or update. The same command sent twice is applied once: who got no answer may send it again, and learns the
/// truth.
/// </param>
/// <param name="IsRepetition">Whether the same command was sent before, so that it may have been applied.</param>
internal sealed record MembershipCommand(MembershipCommandKind Kind, Guid Id = default, bool IsRepetition = false)
{
    /// <summary>The row to write; for a sign of life, the silo and the time of it.</summary>
    public MembershipRow? Row { get; init; }

    /// <summary>For an update: the ETag that the row must have.</summary>
    public long RowETag { get; init; }

    /// <summary>The ETag that the version of the table must have.</summary>
    public long VersionETag { get; init; }

    /// <summary>The version that the table then has.</summary>
    public int Version { get; init; }

    /// <summary>For a cleanup: dead silos of which nothing was heard since (UTC ticks) are removed.</summary>
    public long Before { get; init; }

    public byte[] Encode()
    {
        var writer = new FieldWriter().Byte((byte)Kind).Id(Id).Truth(IsRepetition).Int64(RowETag).Int64(VersionETag).Int32(Version).Int64(Before).Truth(Row is not null);
        Row?.Write(writer);
        return writer.ToArray();
    }

    /// <summary>Why this build cannot know the command; null if it does, or if it is damaged.</summary>
    public static string? Refusal(ReadOnlyMemory<byte> bytes) => bytes.Length > 0 && bytes.Span[0] > (byte)MembershipCommandKind.Clear
        ? $"A change of the membership table that begins with {bytes.Span[0]} is not known to this build, which knows 1 to {(byte)MembershipCommandKind.Clear}. Update the silo."
        : null;

    /// <exception cref="FormatException">The bytes are no command.</exception>
    public static MembershipCommand Decode(ReadOnlyMemory<byte> bytes)
    {
        var reader = new FieldReader(bytes);
        var command = new MembershipCommand((MembershipCommandKind)reader.Byte(), reader.Id(), reader.Truth())
        {
            RowETag = reader.Int64(),
            VersionETag = reader.Int64(),
            Version = reader.Int32(),
            Before = reader.Int64(),
            Row = reader.Truth() ? MembershipRow.Read(ref reader) : null,
        };
        reader.End();
        var needsRow = command.Kind is MembershipCommandKind.Insert or MembershipCommandKind.Update or MembershipCommandKind.SignOfLife;
        return command.Kind != 0 && needsRow == (command.Row is not null) ? command : throw new FormatException($"A change of the membership table of kind {command.Kind} {(needsRow ? "needs" : "has no")} row.");
    }
}
