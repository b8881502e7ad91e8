using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace LifeRaft;

/// <summary>
/// The client of a group that replicates a <see cref="KeyValueMachine"/>. Keys are 1 to 1024 bytes of UTF-8; values are bytes, as many as
/// a command of the group may have. Reads are linearizable where the group's are. Cheap, and safe for concurrent use.
/// </summary>
/// <remarks>
/// Every method may fail as <see cref="IRaftCommands"/> says. After an <see cref="OutcomeUnknownException"/> a compare-and-swap may be
/// repeated: it cannot be applied twice.
/// </remarks>
/// <param name="group">The group, from <c>GetRaftGroup</c>.</param>
public sealed class KeyValueStore(IRaftCommands group)
{
    private readonly IRaftCommands _group = group ?? throw new ArgumentNullException(nameof(group));

    /// <summary>The entry of a key, or null if it is absent.</summary>
    /// <exception cref="InvalidRequestException">The key is empty, too long, or no text.</exception>
    public async Task<KeyValueEntry?> Get(string key, CancellationToken cancellationToken = default)
    {
        KeyValueKey.Require(key);
        var result = KeyValueResult.Decode(await _group.Query(new KeyValueQuery(KeyValueQueryKind.Get, key).Encode(), cancellationToken));
        return result.Succeeded ? result.EntryOf(key, result.Value) : null;
    }

    /// <summary>Writes a value, whatever was there. Returns the key's new version, 1 if it was absent.</summary>
    /// <exception cref="InvalidRequestException">The key is empty, too long, or no text; or the value is larger than the group allows.</exception>
    public async Task<long> Put(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default) =>
        (await Change(new KeyValueCommand(KeyValueCommandKind.Put, key, 0, value), cancellationToken)).Version;

    /// <summary>Removes a key. Returns the entry that was there, or null if there was none. The key's next version is 1.</summary>
    /// <exception cref="InvalidRequestException">The key is empty, too long, or no text.</exception>
    public async Task<KeyValueEntry?> Delete(string key, CancellationToken cancellationToken = default)
    {
        var result = await Change(new KeyValueCommand(KeyValueCommandKind.Delete, key, 0, default), cancellationToken);
        return result.Succeeded ? result.EntryOf(key, result.Value) : null;
    }

    /// <summary>
    /// Writes a value if the key has the expected version. Returns whether it was written, and the key's entry afterwards: the new one, or
    /// the one that was in the way, null if the key is absent.
    /// </summary>
    /// <param name="key">The key.</param>
    /// <param name="expectedVersion">The version that the key must have; 0 if it must be absent.</param>
    /// <param name="value">The value.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidRequestException">The version is negative; the key is empty, too long, or no text; or the value is larger than the group allows.</exception>
    public async Task<(bool Succeeded, KeyValueEntry? Entry)> CompareAndSwap(
        string key, long expectedVersion, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default)
    {
        if (expectedVersion < 0)
        {
            throw new InvalidRequestException($"An expected version is 0 (absent) or more, but is {expectedVersion}.");
        }

        var command = new KeyValueCommand(KeyValueCommandKind.CompareAndSwap, key, expectedVersion, value);
        var result = await Change(command, cancellationToken);
        var entry = result.Version == 0 ? null : result.EntryOf(key, result.Succeeded ? value : result.Value);
        return (result.Succeeded, entry);
    }

    /// <summary>
    /// Carries out one list of operations if all conditions hold, and another if not, as one command: nobody sees a part of it, and nothing
    /// comes between the conditions and the operations. All that it changes has one revision.
    /// </summary>
    /// <param name="when">What must hold; none holds always. At most 128.</param>
    /// <param name="then">What to do if all of it holds, in this order. At most 128 operations; each key is written once at most.</param>
    /// <param name="otherwise">What to do if not; nothing by default. As above.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidRequestException">
    /// There are too many conditions or operations; a branch writes a key twice; what it reads and removes is larger than 16 MiB; or it is
    /// larger than the group allows. Nothing was done.
    /// </exception>
    public async Task<KeyValueTransactionResult> Transact(
        IReadOnlyList<KeyValueCondition> when,
        IReadOnlyList<KeyValueOperation> then,
        IReadOnlyList<KeyValueOperation>? otherwise = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(when);
        ArgumentNullException.ThrowIfNull(then);
        var transaction = new KeyValueTransaction(when, then, otherwise ?? []);
        transaction.Require();
        return KeyValueTransactionResult.Decode(await _group.Command(transaction.Encode(), cancellationToken), transaction);
    }

    /// <summary>
    /// How many commands the machine has applied, those included that changed nothing. With a count of one's own it shows that
    /// none was lost and none applied twice.
    /// </summary>
    public async Task<long> CountApplied(CancellationToken cancellationToken = default)
    {
        var answer = await _group.Query(new KeyValueQuery(KeyValueQueryKind.CountApplied).Encode(), cancellationToken);
        return answer.Length == sizeof(long)
            ? BinaryPrimitives.ReadInt64LittleEndian(answer.Span)
            : throw new FormatException($"An answer of {answer.Length} bytes is no count of a key-value machine. Does the group replicate one?");
    }

    /// <summary>
    /// All entries, or those whose keys begin with the prefix, in ordinal order of the keys. They are read in pages of up to 256 KiB, each
    /// of them linearizable; what is written while the list is read may or may not be seen.
    /// </summary>
    /// <exception cref="InvalidRequestException">The prefix is too long, or no text.</exception>
    public IAsyncEnumerable<KeyValueEntry> List(string prefix = "", CancellationToken cancellationToken = default)
    {
        KeyValueKey.RequirePrefix(prefix);
        return Pages(prefix, cancellationToken);
    }

    private async IAsyncEnumerable<KeyValueEntry> Pages(string prefix, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var after = "";
        KeyValuePage page;
        do
        {
            var query = new KeyValueQuery(KeyValueQueryKind.List, prefix, after).Encode();
            page = KeyValuePage.Decode(await _group.Query(query, cancellationToken));
            foreach (var entry in page.Entries)
            {
                after = entry.Key;
                yield return entry;
            }
        }
        while (page.HasMore);
    }

    private async Task<KeyValueResult> Change(KeyValueCommand command, CancellationToken cancellationToken)
    {
        KeyValueKey.Require(command.Key);
        return KeyValueResult.Decode(await _group.Command(command.Encode(), cancellationToken));
    }
}
