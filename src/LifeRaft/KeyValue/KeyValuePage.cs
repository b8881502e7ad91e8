namespace LifeRaft;

/// <summary>
/// A part of a list: whether more follows (1 byte), at which revision it was read (8 bytes), and the entries.
/// </summary>
internal readonly record struct KeyValuePage(IReadOnlyList<KeyValueEntry> Entries, bool HasMore, long Revision)
{
    /// <summary>A page ends before the entry that would make it larger, and holds at least one.</summary>
    public const int MaximumBytes = 256 * 1024;

    public byte[] Encode()
    {
        var writer = new KeyValueWriter(16 + Entries.Sum(KeyValueWriter.LengthOf)).Byte(HasMore ? (byte)1 : (byte)0).Int64(Revision);
        foreach (var entry in Entries)
        {
            writer.Entry(entry);
        }

        return writer.ToArray();
    }

    /// <exception cref="FormatException">The bytes are no page.</exception>
    public static KeyValuePage Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Span[0] > 1)
        {
            throw new FormatException($"An answer of {bytes.Length} bytes is no list of a key-value machine. Does the group replicate one?");
        }

        var reader = new KeyValueReader(bytes);
        var (hasMore, revision) = (reader.Byte() == 1, reader.Count());
        var entries = new List<KeyValueEntry>();
        while (!reader.IsAtEnd)
        {
            entries.Add(reader.Entry());
        }

        return new KeyValuePage(entries, hasMore, revision);
    }
}
