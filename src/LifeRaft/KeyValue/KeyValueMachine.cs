using System.Buffers.Binary;
using System.Collections.Immutable;

namespace LifeRaft;

/// <summary>
/// A replicated dictionary, the state machine that comes with LifeRaft and the example for your own: put, delete and compare-and-swap
/// of values by key, each with a version and a revision, transactions, and a count of the commands applied.
/// <see cref="KeyValueStore"/> is its client.
/// </summary>
/// <remarks>
/// A command that changes nothing, such as a compare-and-swap that fails, counts as applied; one that is malformed does not.
/// </remarks>
public sealed class KeyValueMachine : IStateMachine
{
    // Immutable, so that a capture is a reference. Ordinal, so that pages and snapshots are the same on every member.
    private ImmutableSortedDictionary<string, KeyValueEntry> _entries = ImmutableSortedDictionary.Create<string, KeyValueEntry>(StringComparer.Ordinal);

    // Invariant: the keys of _entries, which cannot itself begin in the middle. Pages need that; captures do not use it.
    private SortedSet<string> _keys = new(StringComparer.Ordinal);

    private long _applied;

    // The log index of the last command that changed a key.
    private long _revision;

    /// <inheritdoc/>
    /// <exception cref="FormatException">The command is malformed; the state is what it was.</exception>
    public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command)
    {
        var kind = KeyValueCommand.KindOf(command);
        var answer = kind == KeyValueCommandKind.Transact
            ? Transact(context, KeyValueTransaction.Decode(command[1..]))
            : Change(context, KeyValueCommand.Decode(kind, command)).Encode();
        _applied++;
        return answer;
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
        var state = new KeyValueState(_applied, _revision, _entries);
        return destination => KeyValueSnapshot.Write(destination, state);
    }

    /// <inheritdoc/>
    /// <exception cref="FormatException">The bytes are no snapshot; the state is what it was.</exception>
    public void ReadSnapshot(Stream source)
    {
        var state = KeyValueSnapshot.Read(source);
        (_applied, _revision, _entries) = (state.Applied, state.Revision, state.Entries);
        _keys = new SortedSet<string>(_entries.Keys, StringComparer.Ordinal);
    }

    private KeyValueResult Change(in CommandContext context, in KeyValueCommand change)
    {
        var current = Find(change.Key);
        switch (change.Kind)
        {
            case KeyValueCommandKind.Delete:
                Delete(context, current);
                return KeyValueResult.Of(current is null ? KeyValueOutcome.No : KeyValueOutcome.Yes, current);
            case KeyValueCommandKind.CompareAndSwap when change.Expected != (current?.Version ?? 0):
                return KeyValueResult.Of(KeyValueOutcome.No, current);
            default:
                var written = Put(context, change.Key, change.Value, current);
                return new KeyValueResult(KeyValueOutcome.Yes, written.Version, written.Revision, written.Lease, default);
        }
    }

    private byte[] Transact(in CommandContext context, KeyValueTransaction transaction)
    {
        var succeeded = transaction.When.All(condition => condition.Holds(Find(condition.Key)));
        var branch = succeeded ? transaction.Then : transaction.Otherwise;
        if (AnswerBytes(branch) is var bytes and > KeyValueTransaction.MaximumAnswerBytes)
        {
            return KeyValueTransactionResult.EncodeTooLarge(bytes);
        }

        var results = new KeyValueEntry?[branch.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Carry(context, branch[i]);
        }

        return new KeyValueTransactionResult(succeeded, _revision, results).Encode(branch);
    }

    /// <summary>How many bytes the operations may read and remove. It is known before any of them is carried out.</summary>
    private long AnswerBytes(IReadOnlyList<KeyValueOperation> branch)
    {
        var put = branch.Where(operation => operation.Kind == KeyValueOperationKind.Put).ToDictionary(operation => operation.Key, operation => operation.Value.Length);
        return branch
            .Where(operation => operation.Kind != KeyValueOperationKind.Put)
            .Sum(operation => (long)Math.Max(Find(operation.Key)?.Value.Length ?? 0, put.GetValueOrDefault(operation.Key)));
    }

    private KeyValueEntry? Carry(in CommandContext context, KeyValueOperation operation)
    {
        var current = Find(operation.Key);
        switch (operation.Kind)
        {
            case KeyValueOperationKind.Put:
                return Put(context, operation.Key, operation.Value, current);
            case KeyValueOperationKind.Delete:
                Delete(context, current);
                return current;
            default:
                return current;
        }
    }

    private KeyValueEntry? Find(string key) => _entries.GetValueOrDefault(key);

    private KeyValueEntry Put(in CommandContext context, string key, ReadOnlyMemory<byte> value, KeyValueEntry? current)
    {
        _revision = context.Index.Value;
        var entry = new KeyValueEntry(key, value.ToArray(), (current?.Version ?? 0) + 1, _revision);
        _entries = _entries.SetItem(key, entry);
        if (current is null)
        {
            _keys.Add(key);
        }

        return entry;
    }

    private void Delete(in CommandContext context, KeyValueEntry? current)
    {
        if (current is not null)
        {
            _revision = context.Index.Value;
            _entries = _entries.Remove(current.Key);
            _keys.Remove(current.Key);
        }
    }

    private byte[] Get(string key)
    {
        var entry = Find(key);
        return KeyValueResult.Of(entry is null ? KeyValueOutcome.No : KeyValueOutcome.Yes, entry).Encode();
    }

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

            var entry = _entries[key];
            bytes += KeyValueWriter.LengthOf(entry);
            if (page.Count > 0 && bytes > KeyValuePage.MaximumBytes)
            {
                return new KeyValuePage(page, HasMore: true, _revision);
            }

            page.Add(entry);
        }

        return new KeyValuePage(page, HasMore: false, _revision);
    }

    private SortedSet<string> KeysFrom(string first) =>
        _keys.Max is { } last && string.CompareOrdinal(first, last) <= 0 ? _keys.GetViewBetween(first, last) : [];
}
