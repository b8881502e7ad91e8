using System.Text;

namespace LifeRaft;

/// <summary>
/// The state of a <see cref="KeyValueMachine"/> as bytes: the version of this form, how many commands were applied, how many entries
/// follow, and the entries in ordinal order of their keys. Equal states have equal bytes.
/// </summary>
internal static class KeyValueSnapshot
{
    private const byte Form = 1;

    public static void Write(Stream destination, long applied, int count, IEnumerable<KeyValueEntry> ordered)
    {
        using var writer = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true);
        writer.Write(Form);
        writer.Write(applied);
        writer.Write(count);
        Span<byte> key = stackalloc byte[KeyValueKey.MaximumEncodedLength];
        foreach (var entry in ordered)
        {
            var unused = KeyValueKey.Write(entry.Key, key);
            writer.Write(key[..^unused.Length]);
            writer.Write(entry.Version);
            writer.Write(entry.Value.Length);
            writer.Write(entry.Value.Span);
        }
    }

    /// <exception cref="FormatException">The bytes are no snapshot.</exception>
    public static (long Applied, List<KeyValueEntry> Entries) Read(Stream source)
    {
        try
        {
            using var reader = new BinaryReader(source, Encoding.UTF8, leaveOpen: true);
            var form = reader.ReadByte();
            if (form != Form)
            {
                throw new FormatException($"The key-value snapshot is of form {form}; this node reads form {Form}. Update the silo.");
            }

            var applied = reader.ReadInt64();
            var count = reader.ReadInt32();
            return applied >= 0 && count >= 0
                ? (applied, ReadEntries(reader, count))
                : throw Damaged($"it claims {count} entries after {applied} commands");
        }
        catch (EndOfStreamException failure)
        {
            throw new FormatException("The key-value snapshot is cut short.", failure);
        }
    }

    private static List<KeyValueEntry> ReadEntries(BinaryReader reader, int count)
    {
        var entries = new List<KeyValueEntry>();
        var previous = "";
        for (var i = 0; i < count; i++)
        {
            var key = KeyValueKey.Decode(ReadBytes(reader, reader.ReadUInt16(), KeyValueKey.MaximumBytes));
            var version = reader.ReadInt64();
            if (string.CompareOrdinal(previous, key) >= 0 || version < 1)
            {
                throw Damaged($"'{key}' of version {version} follows '{previous}'");
            }

            entries.Add(new KeyValueEntry(key, ReadBytes(reader, reader.ReadInt32(), KeyValueCommand.MaximumBytes), version));
            previous = key;
        }

        return entries;
    }

    private static byte[] ReadBytes(BinaryReader reader, int length, int most)
    {
        if (length < 0 || length > most)
        {
            throw Damaged($"a key or value claims {length} bytes, where at most {most} are possible");
        }

        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }

    private static FormatException Damaged(string how) => new($"The key-value snapshot is damaged: {how}. Take it from another member.");
}
