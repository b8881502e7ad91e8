using System.Buffers.Binary;
using System.Collections.Immutable;

namespace LifeRaft;

/// <summary>
/// A replicated dictionary, the state machine that comes with LifeRaft and the example for your own: put, delete and compare-and-swap
/// of values by key, each with a version, and a count of the commands applied. <see cref="KeyValueStore"/> is its client.
/// </summary>
/// <remarks>
/// A command that changes nothing, such as a compare-and-swap that fails, counts as applied; one that is malformed does not.
/// </remarks>
public sealed class KeyValueMachine : IStateMachine
{
    // Immutable, so that a capture is a reference. Ordinal, so that pages and snapshots are the same on every member.
    private ImmutableSortedDictionary<string, Stored> _entries = ImmutableSortedDictionary.Create<string, Stored>(StringComparer.Ordinal);

    // Invariant: the keys of _entries, which cannot itself begin in the middle. Pages need that; captures do not use it.
    private SortedSet<string> _keys = new(StringComparer.Ordinal);

    private long _applied;

    /// <inheritdoc/>
    /// <exception cref="FormatException">The command is malformed; the state is what it was.</exception>
    public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command)
    {
        var change = KeyValueCommand.Decode(command);
        _entries.TryGetValue(change.Key, out var current);
        var result = change.Kind switch
        {
            KeyValueCommandKind.Put => Write(change, current),
            KeyValueCommandKind.Delete => Delete(change, current),
            _ when change.Expected == current.Version => Write(change, current),
            _ => new KeyValueResult(false, current.Version, current.Value),
        };
        _applied++;
        return result.Encode();
    }

    /// <inheritdoc/>
    /// <exception cref="FormatException">The query is malformed.</exception>
    public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query)
    {
        var question = KeyValueQuery.Decode(query);
        return question.Kind switch
        {
            KeyValueQueryKind.Get => Get(question.Key),
            KeyValueQueryKind.CountApplied => CountApplied(),
            _ => List(question.Key, question.After).Encode(),
        };
    }

    /// <inheritdoc/>
    public Action<Stream> CaptureSnapshot()
    {
        var (applied, entries) = (_applied, _entries);
        return destination => KeyValueSnapshot.Write(
            destination, applied, entries.Count, entries.Select(entry => new KeyValueEntry(entry.Key, entry.Value.Value, entry.Value.Version)));
    }

    /// <inheritdoc/>
    /// <exception cref="FormatException">The bytes are no snapshot; the state is what it was.</exception>
    public void ReadSnapshot(Stream source)
    {
        var (applied, entries) = KeyValueSnapshot.Read(source);
        _applied = applied;
        _entries = entries.ToImmutableSortedDictionary(entry => entry.Key, entry => new Stored(entry.Version, entry.Value), StringComparer.Ordinal);
        _keys = new SortedSet<string>(entries.Select(entry => entry.Key), StringComparer.Ordinal);
    }

    private KeyValueResult Write(in KeyValueCommand change, Stored current)
    {
        var version = current.Version + 1;
        _entries = _entries.SetItem(change.Key, new Stored(version, change.Value.ToArray()));
        if (version == 1)
        {
            _keys.Add(change.Key);
        }

        return new KeyValueResult(true, version, default);
    }

    private KeyValueResult Delete(in KeyValueCommand change, Stored current)
    {
        var existed = _keys.Remove(change.Key);
        if (existed)
        {
            _entries = _entries.Remove(change.Key);
        }

        return new KeyValueResult(existed, current.Version, current.Value);
    }

    private byte[] Get(string key) =>
        _entries.TryGetValue(key, out var current)
            ? new KeyValueResult(true, current.Version, current.Value).Encode()
            : new KeyValueResult(false, 0, default).Encode();

    private byte[] CountApplied()
    {
        var count = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(count, _applied);
        return count;
    }

    private KeyValuePage List(string prefix, string after)
    {
        var page = new List<KeyValueEntry>();
        var bytes = 0;
        foreach (var key in KeysFrom(string.CompareOrdinal(after, prefix) > 0 ? after : prefix))
        {
            if (!key.StartsWith(prefix, StringComparison.Ordinal))
            {
                break;
            }

            if (after.Length > 0 && string.CompareOrdinal(key, after) <= 0)
            {
                continue;
            }

            var entry = EntryOf(key);
            bytes += KeyValuePage.EncodedLength(entry);
            if (page.Count > 0 && bytes > KeyValuePage.MaximumBytes)
            {
                return new KeyValuePage(page, HasMore: true);
            }

            page.Add(entry);
        }

        return new KeyValuePage(page, HasMore: false);
    }

    private SortedSet<string> KeysFrom(string first) =>
        _keys.Max is { } last && string.CompareOrdinal(first, last) <= 0 ? _keys.GetViewBetween(first, last) : [];

    private KeyValueEntry EntryOf(string key)
    {
        var stored = _entries[key];
        return new KeyValueEntry(key, stored.Value, stored.Version);
    }

    // Version 0, the default, is absence.
    private readonly record struct Stored(long Version, ReadOnlyMemory<byte> Value);
}
