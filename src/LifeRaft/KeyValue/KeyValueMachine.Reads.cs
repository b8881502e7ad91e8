using System.Buffers.Binary;

namespace LifeRaft;

/// <content>What is answered, and changes nothing.</content>
public sealed partial class KeyValueMachine
{
    // Who watches keys that nobody changes moves on before the changes of others are forgotten, but not with each of them: after this part of
    // the bounds.
    private const int PartToPassBy = 16;

    private byte[] Get(string key)
    {
        var entry = Find(key);
        return KeyValueResult.Of(entry is null ? KeyValueOutcome.No : KeyValueOutcome.Yes, entry).Encode();
    }

    private static byte[] Number(long number)
    {
        var bytes = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        return bytes;
    }

    private KeyValuePage List(KeyValueRange range, long limit, string after)
    {
        var page = new List<KeyValueEntry>();
        var bytes = 0;
        foreach (var key in KeysFrom(string.CompareOrdinal(after, range.First) > 0 ? after : range.First))
        {
            if (range.IsBehind(key))
            {
                break;
            }

            if (after.Length > 0 && string.CompareOrdinal(key, after) <= 0)
            {
                continue;
            }

            var entry = _entries[key];
            bytes += KeyValueWriter.LengthOf(entry);
            if (page.Count > 0 && (bytes > KeyValuePage.MaximumBytes || page.Count == limit))
            {
                return new KeyValuePage(page, HasMore: true, _revision);
            }

            page.Add(entry);
        }

        return new KeyValuePage(page, HasMore: false, _revision);
    }

    private SortedSet<string> KeysFrom(string first) =>
        _keys.Max is { } last && string.CompareOrdinal(first, last) <= 0 ? _keys.GetViewBetween(first, last) : [];

    /// <summary>What happened to these keys from a revision on; null if that was nothing, and the next question may as well ask the same.</summary>
    private KeyValueEvents? EventsFrom(long from, KeyValueRange range)
    {
        if (from < _history.OldestRevision)
        {
            return new KeyValueEvents(IsCompacted: true, _history.OldestRevision, []);
        }

        var events = new List<KeyValueChange>();
        var answerBytes = 0;
        var (passedChanges, passedBytes) = (0, 0L);
        foreach (var change in _history.From(from))
        {
            passedChanges++;
            passedBytes += KeyValueHistory.BytesOf(change);
            if (!range.Contains(change.Entry.Key))
            {
                continue;
            }

            if (answerBytes > KeyValueEvents.MaximumBytes && events[^1].Revision != change.Revision)
            {
                return new KeyValueEvents(IsCompacted: false, change.Revision, events);
            }

            answerBytes += KeyValueEvents.LengthOf(change);
            events.Add(change);
        }

        return events.Count > 0 || passedChanges > _bounds.Changes / PartToPassBy || passedBytes > _bounds.Bytes / PartToPassBy
            ? new KeyValueEvents(IsCompacted: false, _revision + 1, events)
            : null;
    }
}
