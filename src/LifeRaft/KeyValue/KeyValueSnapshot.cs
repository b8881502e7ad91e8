using System.Collections.Immutable;
using System.Text;

namespace LifeRaft;

/// <summary>All that a <see cref="KeyValueMachine"/> is, at one moment.</summary>
/// <param name="Applied">How many commands were applied.</param>
/// <param name="Revision">The log index of the last command that changed a key.</param>
/// <param name="Entries">The entries, in ordinal order of their keys.</param>
internal sealed record KeyValueState(long Applied, long Revision, ImmutableSortedDictionary<string, KeyValueEntry> Entries);

/// <summary>
/// The state of a <see cref="KeyValueMachine"/> as bytes: the version of this form, how many commands were applied, the revision, how
/// many entries follow, and the entries in ordinal order of their keys. Equal states have equal bytes.
/// </summary>
internal static class KeyValueSnapshot
{
    private const byte Form = 2;

    public static void Write(Stream destination, KeyValueState state)
    {
        using var writer = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true);
        writer.Write(Form);
        writer.Write(state.Applied);
        writer.Write(state.Revision);
        writer.Write(state.Entries.Count);
        Span<byte> key = stackalloc byte[KeyValueKey.MaximumEncodedLength];
        foreach (var entry in state.Entries.Values)
        {
            var unused = KeyValueKey.Write(entry.Key, key);
            writer.Write(key[..^unused.Length]);
            writer.Write(entry.Version);
            writer.Write(entry.Revision);
            writer.Write(entry.Lease);
            writer.Write(entry.Value.Length);
            writer.Write(entry.Value.Span);
        }
    }

    /// <exception cref="FormatException">The bytes are no snapshot.</exception>
    public static KeyValueState Read(Stream source)
    {
        try
        {
            using var reader = new BinaryReader(source, Encoding.UTF8, leaveOpen: true);
            var form = reader.ReadByte();
            if (form != Form)
            {
                throw new FormatException($"The key-value snapshot is of form {form}; this node reads form {Form}. Update the older of the silos.");
            }

            var (applied, revision) = (reader.ReadInt64(), reader.ReadInt64());
            var count = reader.ReadInt32();
            return applied >= 0 && revision >= 0 && count >= 0
                ? new KeyValueState(applied, revision, ReadEntries(reader, revision, count))
                : throw Damaged($"it claims {count} entries after {applied} commands");
        }
        catch (EndOfStreamException failure)
        {
            throw new FormatException("The key-value snapshot is cut short.", failure);
        }
    }

    private static ImmutableSortedDictionary<string, KeyValueEntry> ReadEntries(BinaryReader reader, long latest, int count)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<string, KeyValueEntry>(StringComparer.Ordinal);
        var previous = "";
        for (var i = 0; i < count; i++)
        {
            var key = KeyValueKey.Decode(ReadBytes(reader, reader.ReadUInt16(), KeyValueKey.MaximumBytes));
            var (version, revision, lease) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
            if (string.CompareOrdinal(previous, key) >= 0 || version < 1 || revision < 1 || revision > latest || lease < 0)
            {
                throw Damaged($"'{key}' of version {version}, revision {revision} and lease {lease} follows '{previous}'");
            }

            entries.Add(key, new KeyValueEntry(key, ReadBytes(reader, reader.ReadInt32(), KeyValueCommand.MaximumBytes), version, revision, lease));
            previous = key;
        }

        return entries.ToImmutable();
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
