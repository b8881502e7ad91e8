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
/// <param name="group">The group, from <c>GetRaftGroup</c>, or a session with it.</param>
/// <param name="time">The clock that leases are kept by; the system's by default.</param>
public sealed class KeyValueStore(IRaftCommands group, TimeProvider? time = null)
{
    private readonly IRaftCommands _group = group ?? throw new ArgumentNullException(nameof(group));
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    /// <summary>The entry of a key, or null if it is absent.</summary>
    /// <exception cref="InvalidRequestException">The key is empty, too long, or no text.</exception>
    public async Task<KeyValueEntry?> Get(string key, CancellationToken cancellationToken = default)
    {
        KeyValueKey.Require(key);
        var result = KeyValueResult.Decode(await _group.Query(new KeyValueQuery(KeyValueQueryKind.Get, key).Encode(), cancellationToken));
        return result.Succeeded ? result.EntryOf(key, result.Value) : null;
    }

    /// <summary>
    /// Writes a value, whatever was there. Returns the key's new version, 1 if it was absent. The key stays until it is deleted, also if it
    /// had a lease.
    /// </summary>
    /// <exception cref="InvalidRequestException">The key is empty, too long, or no text; or the value is larger than the group allows.</exception>
    public async Task<long> Put(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default) =>
        (await Change(new KeyValueCommand(KeyValueCommandKind.Put, key, 0, value), cancellationToken)).Version;

    /// <summary>Writes a value, whatever was there, under a key that ends with a lease. Returns the key's new version, 1 if it was absent.</summary>
    /// <exception cref="KeyValueLeaseEndedException">The lease has ended. Nothing was done; grant another one.</exception>
    /// <exception cref="InvalidRequestException">The key is empty, too long, or no text; or the value is larger than the group allows.</exception>
    public async Task<long> Put(string key, ReadOnlyMemory<byte> value, KeyValueLease lease, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(lease);
        var result = await Change(new KeyValueCommand(KeyValueCommandKind.PutWithLease, key, lease.Id, value), cancellationToken);
        return result.Outcome == KeyValueOutcome.LeaseEnded ? throw new KeyValueLeaseEndedException(lease.Id) : result.Version;
    }

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
    /// <exception cref="KeyValueLeaseEndedException">A put names a lease that has ended. Nothing was done; grant another one.</exception>
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
        return KeyValueTransactionResult.Decode(await _group.Give(transaction.Encode(), cancellationToken), transaction);
    }

    /// <summary>
    /// How many commands the machine has applied, those included that changed nothing. With a count of one's own it shows that
    /// none was lost and none applied twice.
    /// </summary>
    public Task<long> CountApplied(CancellationToken cancellationToken = default) => Number(KeyValueQueryKind.CountApplied, cancellationToken);

    /// <summary>The revision of the last change of any key; 0 if there was none. Watch from this + 1 for what happens from now on.</summary>
    public Task<long> Revision(CancellationToken cancellationToken = default) => Number(KeyValueQueryKind.Revision, cancellationToken);

    /// <summary>
    /// A page of a range: as many entries as fit into 256 KiB, at least one, at most the limit. Linearizable, as of one moment.
    /// </summary>
    /// <param name="range">Which keys.</param>
    /// <param name="limit">At most so many entries; null for as many as there are.</param>
    /// <param name="after">The last key of the page before; null for the first page.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="InvalidRequestException">The limit is less than 1, or the key is empty, too long, or no text.</exception>
    public async Task<KeyValuePage> Range(KeyValueRange range, int? limit = null, string? after = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(range);
        if (limit < 1)
        {
            throw new InvalidRequestException($"A page has 1 entry or more, but {limit} were asked for.");
        }

        if (after is not null)
        {
            KeyValueKey.Require(after);
        }

        var query = KeyValueQuery.List(range, limit ?? int.MaxValue, after ?? "").Encode();
        return KeyValuePage.Decode(await _group.Query(query, cancellationToken));
    }

    /// <summary>
    /// All entries, or those whose keys begin with the prefix, in ordinal order of the keys. They are read in pages of up to 256 KiB, each
    /// of them linearizable; what is written while the list is read may or may not be seen.
    /// </summary>
    /// <exception cref="InvalidRequestException">The prefix is too long, or no text.</exception>
    public IAsyncEnumerable<KeyValueEntry> List(string prefix = "", CancellationToken cancellationToken = default) =>
        List(KeyValueRange.Prefix(prefix), cancellationToken);

    /// <summary>The entries of a range, page by page, as above.</summary>
    public IAsyncEnumerable<KeyValueEntry> List(KeyValueRange range, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(range);
        return Pages(range, cancellationToken);
    }

    /// <summary>
    /// Every change of the keys of a range from a revision on, in order, each once, for as long as it is enumerated: those that have happened
    /// already, then those to come. It goes on through changes of leader, and while there is none. To go on after the client itself was
    /// away, watch from the revision behind the last one that was handled (<see cref="KeyValueEvent.IsLastOfRevision"/>).
    /// </summary>
    /// <param name="range">Which keys.</param>
    /// <param name="fromRevision">The first revision whose changes are of interest; null for what happens from the first step of the enumeration on.</param>
    /// <param name="cancellationToken">Ends the watch. Without it, it may wait for ever.</param>
    /// <exception cref="KeyValueCompactedException">
    /// While enumerating: changes that were to be seen are not remembered any more. The machine remembers 10,000 changes, or 8 MiB of them.
    /// </exception>
    /// <exception cref="InvalidRequestException">The revision is less than 1.</exception>
    public IAsyncEnumerable<KeyValueEvent> Watch(KeyValueRange range, long? fromRevision = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(range);
        return fromRevision is null or >= 1
            ? Events(range, fromRevision, cancellationToken)
            : throw new InvalidRequestException($"A watch begins at revision 1 or later, not at {fromRevision}. Leave it out for what happens from now on.");
    }

    /// <summary>
    /// Grants a lease and keeps it, in the background, until it is disposed of or lost. Keys that are put under it end with it: when its holder
    /// revokes it, or vanishes, after its time to live.
    /// </summary>
    /// <param name="timeToLive">How long it outlives its holder: 1 s to 1 day. It must be longer than an election takes, or it is lost in one.</param>
    /// <param name="cancellationToken">Gives up waiting. What was granted without our knowledge ends by itself.</param>
    /// <exception cref="InvalidRequestException">The time to live is out of bounds.</exception>
    public Task<KeyValueLease> GrantLease(TimeSpan timeToLive, CancellationToken cancellationToken = default) =>
        KeyValueLease.Grant(_group, timeToLive, _time, cancellationToken);

    private async Task<long> Number(KeyValueQueryKind kind, CancellationToken cancellationToken)
    {
        var answer = await _group.Query(new KeyValueQuery(kind).Encode(), cancellationToken);
        return answer.Length == sizeof(long)
            ? BinaryPrimitives.ReadInt64LittleEndian(answer.Span)
            : throw new FormatException($"An answer of {answer.Length} bytes is no number of a key-value machine. Does the group replicate one?");
    }

    private async IAsyncEnumerable<KeyValueEntry> Pages(KeyValueRange range, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? after = null;
        KeyValuePage page;
        do
        {
            page = await Range(range, null, after, cancellationToken);
            foreach (var entry in page.Entries)
            {
                after = entry.Key;
                yield return entry;
            }
        }
        while (page.HasMore);
    }

    private async IAsyncEnumerable<KeyValueEvent> Events(KeyValueRange range, long? fromRevision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var next = fromRevision ?? await Revision(cancellationToken) + 1;
        while (true)
        {
            var answer = KeyValueEvents.Decode(await _group.Await(KeyValueQuery.Watch(range, next).Encode(), cancellationToken));
            if (answer.IsCompacted)
            {
                throw new KeyValueCompactedException(next, answer.Revision);
            }

            foreach (var change in answer.Events())
            {
                yield return change;
            }

            next = answer.Revision;
        }
    }

    private async Task<KeyValueResult> Change(KeyValueCommand command, CancellationToken cancellationToken)
    {
        KeyValueKey.Require(command.Key);
        return KeyValueResult.Decode(await _group.Give(command.Encode(), cancellationToken));
    }
}
