namespace LifeRaft;

/// <summary>A part of a range, read at one moment.</summary>
/// <param name="Entries">The entries, in ordinal order of their keys.</param>
/// <param name="HasMore">Whether more entries of the range follow. The next page begins after the last key of this one.</param>
/// <param name="Revision">
/// At which revision of the store it was read. To follow what happens from here on, watch from the first page's revision + 1: what later
/// pages have seen already comes once more, and nothing is left out.
/// </param>
public sealed record KeyValuePage(IReadOnlyList<KeyValueEntry> Entries, bool HasMore, long Revision)
{
    /// <summary>A page ends before the entry that would make it larger, and holds at least one.</summary>
    internal const int MaximumBytes = 256 * 1024;

    /// <summary>Whether more follows (1 byte), the revision (8 bytes), and the entries.</summary>
    internal byte[] Encode()
    {
        var writer = new KeyValueWriter(16 + Entries.Sum(KeyValueWriter.LengthOf)).Byte(HasMore ? (byte)1 : (byte)0).Int64(Revision);
        foreach (var entry in Entries)
        {
            writer.Entry(entry);
        }

        return writer.ToArray();
    }

    /// <exception cref="FormatException">The bytes are no page.</exception>
    internal static KeyValuePage Decode(ReadOnlyMemory<byte> bytes)
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
