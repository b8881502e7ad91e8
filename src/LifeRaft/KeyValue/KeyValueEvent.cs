namespace LifeRaft;

/// <summary>What happened to a key. The numbers are sent: they never change.</summary>
public enum KeyValueEventKind : byte
{
    /// <summary>It was written. The entry is the new one; its version is 1 if the key was absent before.</summary>
    Put = 1,

    /// <summary>It was removed, by a delete or with its lease. The entry is the last one.</summary>
    Delete = 2,
}

/// <summary>One change of one key, from <see cref="KeyValueStore.Watch"/>.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Entry">The entry that was written, or removed.</param>
/// <param name="Revision">When it happened. All changes of one command have one revision.</param>
/// <param name="IsLastOfRevision">
/// Whether it is the last change of its revision that is watched. Who has handled it may resume at <paramref name="Revision"/> + 1; who
/// stops before resumes at <paramref name="Revision"/>, and sees the first ones again.
/// </param>
public sealed record KeyValueEvent(KeyValueEventKind Kind, KeyValueEntry Entry, long Revision, bool IsLastOfRevision);

/// <summary>
/// The answer to who watches: whether it is events (1 byte); the revision from which to ask next, or from which on there are any (8 bytes);
/// and for each event its kind (1 byte), its revision (8 bytes) and the entry. A revision is in one answer as a whole.
/// </summary>
/// <param name="IsCompacted">Whether events that were asked for are not remembered any more.</param>
/// <param name="Revision">From where to ask next; if it is compacted, from where on events are remembered.</param>
/// <param name="Changes">The events.</param>
internal readonly record struct KeyValueEvents(bool IsCompacted, long Revision, IReadOnlyList<KeyValueChange> Changes)
{
    /// <summary>An answer ends after the revision that makes it larger.</summary>
    public const int MaximumBytes = 256 * 1024;

    public static int LengthOf(in KeyValueChange change) => 1 + sizeof(long) + KeyValueWriter.LengthOf(change.Entry);

    public byte[] Encode()
    {
        var writer = new KeyValueWriter(16 + Changes.Sum(change => LengthOf(change))).Byte(IsCompacted ? (byte)0 : (byte)1).Int64(Revision);
        foreach (var change in Changes)
        {
            writer.Byte((byte)(change.IsDelete ? KeyValueEventKind.Delete : KeyValueEventKind.Put)).Int64(change.Revision).Entry(change.Entry);
        }

        return writer.ToArray();
    }

    /// <exception cref="FormatException">The bytes are no events.</exception>
    public static KeyValueEvents Decode(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty || bytes.Span[0] > 1)
        {
            throw new FormatException($"An answer of {bytes.Length} bytes is none to who watches a key-value machine. Does the group replicate one?");
        }

        var reader = new KeyValueReader(bytes);
        var (isCompacted, next) = (reader.Byte() == 0, reader.Count());
        var changes = new List<KeyValueChange>();
        while (!reader.IsAtEnd)
        {
            var (kind, revision) = ((KeyValueEventKind)reader.Byte(), reader.Count());
            changes.Add(new KeyValueChange(revision, kind == KeyValueEventKind.Delete, reader.Entry()));
        }

        return new KeyValueEvents(isCompacted, next, changes);
    }

    public IEnumerable<KeyValueEvent> Events()
    {
        for (var i = 0; i < Changes.Count; i++)
        {
            var change = Changes[i];
            var isLast = i + 1 == Changes.Count || Changes[i + 1].Revision != change.Revision;
            yield return new KeyValueEvent(change.IsDelete ? KeyValueEventKind.Delete : KeyValueEventKind.Put, change.Entry, change.Revision, isLast);
        }
    }
}
