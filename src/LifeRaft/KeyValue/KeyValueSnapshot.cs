using System.Collections.Immutable;
using System.Text;

namespace LifeRaft;

/// <summary>All that a <see cref="KeyValueMachine"/> is, at one moment.</summary>
/// <param name="Applied">How many commands were applied.</param>
/// <param name="Revision">The log index of the last command that changed a key.</param>
/// <param name="Entries">The entries, in ordinal order of their keys.</param>
/// <param name="Leases">The leases that have not ended, by id.</param>
/// <param name="History">The last changes.</param>
internal sealed record KeyValueState(
    long Applied,
    long Revision,
    ImmutableSortedDictionary<string, KeyValueEntry> Entries,
    ImmutableSortedDictionary<long, KeyValueLeaseTerm> Leases,
    KeyValueHistory.View History);

/// <summary>
/// The state of a <see cref="KeyValueMachine"/> as bytes: the version of this form, how many commands were applied, the revision; then,
/// each with their count, the leases by id, the entries in ordinal order of their keys, and the last changes. Equal states have equal bytes.
/// </summary>
internal static class KeyValueSnapshot
{
    private const byte Form = 2;

    private enum ChangeKind : byte
    {
        /// <summary>Key: the put whose entry is the current one, so that what is not changed again is not written twice.</summary>
        PutOfCurrent = 0,

        /// <summary>The entry, which has the revision.</summary>
        Put = 1,

        /// <summary>The revision and the entry.</summary>
        Delete = 2,
    }

    public static void Write(Stream destination, KeyValueState state)
    {
        using var writer = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true);
        writer.Write(Form);
        writer.Write(state.Applied);
        writer.Write(state.Revision);
        writer.Write(state.Leases.Count);
        foreach (var (lease, term) in state.Leases)
        {
            writer.Write(lease);
            writer.Write(term.TimeToLive.Ticks);
            writer.Write(term.EndsAt.Ticks);
        }

        writer.Write(state.Entries.Count);
        foreach (var entry in state.Entries.Values)
        {
            WriteEntry(writer, entry);
        }

        writer.Write(state.History.OldestRevision);
        writer.Write(state.History.Count);
        foreach (var change in state.History.Changes())
        {
            WriteChange(writer, change, state.Entries);
        }
    }

    /// <exception cref="FormatException">The bytes are no snapshot.</exception>
    public static (KeyValueState State, KeyValueHistory History) Read(Stream source, KeyValueHistoryBounds bounds)
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
            if (applied < 0 || revision < 0)
            {
                throw Damaged($"it claims {applied} commands up to revision {revision}");
            }

            var leases = ReadLeases(reader);
            var entries = ReadEntries(reader, revision, leases);
            var history = ReadHistory(reader, revision, entries, bounds);
            return (new KeyValueState(applied, revision, entries, leases, history.Capture()), history);
        }
        catch (EndOfStreamException failure)
        {
            throw new FormatException("The key-value snapshot is cut short.", failure);
        }
    }

    private static void WriteChange(BinaryWriter writer, in KeyValueChange change, ImmutableSortedDictionary<string, KeyValueEntry> entries)
    {
        if (change.IsDelete)
        {
            writer.Write((byte)ChangeKind.Delete);
            writer.Write(change.Revision);
            WriteEntry(writer, change.Entry);
        }
        else if (ReferenceEquals(entries.GetValueOrDefault(change.Entry.Key), change.Entry))
        {
            writer.Write((byte)ChangeKind.PutOfCurrent);
            WriteKey(writer, change.Entry.Key);
        }
        else
        {
            writer.Write((byte)ChangeKind.Put);
            WriteEntry(writer, change.Entry);
        }
    }

    private static void WriteEntry(BinaryWriter writer, KeyValueEntry entry)
    {
        WriteKey(writer, entry.Key);
        writer.Write(entry.Version);
        writer.Write(entry.Revision);
        writer.Write(entry.Lease);
        writer.Write(entry.Value.Length);
        writer.Write(entry.Value.Span);
    }

    private static void WriteKey(BinaryWriter writer, string key)
    {
        Span<byte> bytes = stackalloc byte[KeyValueKey.MaximumEncodedLength];
        var unused = KeyValueKey.Write(key, bytes);
        writer.Write(bytes[..^unused.Length]);
    }

    private static ImmutableSortedDictionary<long, KeyValueLeaseTerm> ReadLeases(BinaryReader reader)
    {
        var leases = ImmutableSortedDictionary.CreateBuilder<long, KeyValueLeaseTerm>();
        var previous = 0L;
        for (var left = ReadCount(reader, "leases"); left > 0; left--)
        {
            var (lease, term) = (reader.ReadInt64(), new KeyValueLeaseTerm(new TimeSpan(reader.ReadInt64()), new TimeSpan(reader.ReadInt64())));
            if (lease <= previous || !KeyValueLeaseCommand.IsPossible(term.TimeToLive) || term.EndsAt < term.TimeToLive)
            {
                throw Damaged($"lease {lease}, which lives {term.TimeToLive} and ends at {term.EndsAt}, follows {previous}");
            }

            leases.Add(lease, term);
            previous = lease;
        }

        return leases.ToImmutable();
    }

    private static ImmutableSortedDictionary<string, KeyValueEntry> ReadEntries(
        BinaryReader reader, long latest, ImmutableSortedDictionary<long, KeyValueLeaseTerm> leases)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<string, KeyValueEntry>(StringComparer.Ordinal);
        var previous = "";
        for (var left = ReadCount(reader, "entries"); left > 0; left--)
        {
            var entry = ReadEntry(reader, latest);
            if (string.CompareOrdinal(previous, entry.Key) >= 0 || (entry.Lease != 0 && !leases.ContainsKey(entry.Lease)))
            {
                throw Damaged($"'{entry.Key}' with lease {entry.Lease} follows '{previous}'");
            }

            entries.Add(entry.Key, entry);
            previous = entry.Key;
        }

        return entries.ToImmutable();
    }

    private static KeyValueHistory ReadHistory(
        BinaryReader reader, long latest, ImmutableSortedDictionary<string, KeyValueEntry> entries, KeyValueHistoryBounds bounds)
    {
        var history = new KeyValueHistory(bounds, reader.ReadInt64());
        var previous = history.OldestRevision;
        for (var left = ReadCount(reader, "changes"); left > 0; left--)
        {
            var change = ReadChange(reader, latest, entries);
            if (change.Revision < previous || change.Revision > latest)
            {
                throw Damaged($"a change of revision {change.Revision} follows {previous}");
            }

            history.Restore(change);
            previous = change.Revision;
        }

        return history;
    }

    private static KeyValueChange ReadChange(BinaryReader reader, long latest, ImmutableSortedDictionary<string, KeyValueEntry> entries)
    {
        var kind = (ChangeKind)reader.ReadByte();
        if (kind == ChangeKind.PutOfCurrent)
        {
            var key = ReadKey(reader);
            return entries.TryGetValue(key, out var current)
                ? new KeyValueChange(current.Revision, IsDelete: false, current)
                : throw Damaged($"'{key}' was put and is not there");
        }

        if (kind > ChangeKind.Delete)
        {
            throw Damaged($"there is no change of kind {(byte)kind}");
        }

        var revision = kind == ChangeKind.Delete ? reader.ReadInt64() : 0;
        var entry = ReadEntry(reader, latest);
        return kind == ChangeKind.Delete ? new KeyValueChange(revision, IsDelete: true, entry) : new KeyValueChange(entry.Revision, IsDelete: false, entry);
    }

    private static KeyValueEntry ReadEntry(BinaryReader reader, long latest)
    {
        var key = ReadKey(reader);
        var (version, revision, lease) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        return version >= 1 && revision >= 1 && revision <= latest && lease >= 0
            ? new KeyValueEntry(key, ReadBytes(reader, reader.ReadInt32(), KeyValueCommand.MaximumBytes), version, revision, lease)
            : throw Damaged($"'{key}' is of version {version}, revision {revision} and lease {lease}");
    }

    private static string ReadKey(BinaryReader reader) => KeyValueKey.Decode(ReadBytes(reader, reader.ReadUInt16(), KeyValueKey.MaximumBytes));

    private static int ReadCount(BinaryReader reader, string what)
    {
        var count = reader.ReadInt32();
        return count >= 0 ? count : throw Damaged($"it claims {count} {what}");
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
