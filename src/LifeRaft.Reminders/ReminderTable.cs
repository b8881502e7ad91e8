using LifeRaft.Hosting;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace LifeRaft.Reminders;

/// <summary>
/// Orleans' reminder table in a key-value group. It starts without the group, which is founded once the silo runs: the first read waits
/// for it. A write whose session ended under it is looked for, or repeated, for both kinds of writes may be.
/// </summary>
internal sealed class ReminderTable(IOptions<LifeRaftRemindersOptions> options, IOptions<RaftOptions> raft, IGrainFactory grains, TimeProvider time) : IReminderTable, IDisposable
{
    /// <summary>The registered state machine of the group.</summary>
    public const string Machine = "reminders";

    private readonly KeyValueGroup _group = new(grains, options.Value.GroupName, options.Value.Members, options.Value.Timeout ?? raft.Value.CommandTimeout, time);

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public async Task StopAsync(CancellationToken cancellationToken = default) => await _group.DisposeAsync();

    public void Dispose() => _group.DisposeAsync().AsTask().Ignore(); // After StopAsync there is nothing left to do.

    public Task<ReminderTableData> ReadRows(GrainId grainId) => ReadRows(grainId, CancellationToken.None);

    public Task<ReminderTableData> ReadRows(uint begin, uint end) => ReadRows(begin, end, CancellationToken.None);

    public Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName) => ReadRow(grainId, reminderName, CancellationToken.None);

    public Task<string?> UpsertRow(ReminderEntry entry) => UpsertRow(entry, CancellationToken.None);

    public Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag) => RemoveRow(grainId, reminderName, eTag, CancellationToken.None);

    public Task TestOnlyClearTable() => TestOnlyClearTable(CancellationToken.None);

    public Task<ReminderTableData> ReadRows(GrainId grainId, CancellationToken cancellationToken) =>
        Read([KeyValueRange.Prefix(ReminderKey.PrefixOf(grainId))], cancellationToken);

    public Task<ReminderTableData> ReadRows(uint begin, uint end, CancellationToken cancellationToken) => Read(ReminderKey.Ranges(begin, end), cancellationToken);

    public async Task<ReminderEntry?> ReadRow(GrainId grainId, string reminderName, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(reminderName);
        var entry = await _group.Get(ReminderKey.Of(grainId, reminderName), cancellationToken);
        return entry is null ? null : ReminderRow.Decode(entry);
    }

    public async Task<string?> UpsertRow(ReminderEntry entry, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentException.ThrowIfNullOrEmpty(entry.ReminderName);
        var put = new KeyValueTransaction([], [KeyValueOperation.Put(ReminderKey.Of(entry.GrainId, entry.ReminderName), ReminderRow.Encode(entry))], []);
        while (true)
        {
            if (await _group.Transact(put, cancellationToken) is { } result)
            {
                return ReminderRow.ETagOf(result.Results[0]!);
            }
        }
    }

    public async Task<bool> RemoveRow(GrainId grainId, string reminderName, string eTag, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(reminderName);
        if (!ReminderRow.TryReadETag(eTag, out var revision))
        {
            return false;
        }

        var key = ReminderKey.Of(grainId, reminderName);
        var delete = new KeyValueTransaction([KeyValueCondition.Revision(key, revision)], [KeyValueOperation.Delete(key)], []);
        while (true)
        {
            if (await _group.Transact(delete, cancellationToken) is { } result)
            {
                return result.Succeeded;
            }

            var current = await _group.Get(key, cancellationToken);
            if (current?.Revision != revision)
            {
                return current is null; // It had that ETag when this began; what it has now, somebody else has written.
            }
        }
    }

    public async Task TestOnlyClearTable(CancellationToken cancellationToken)
    {
        var store = await _group.Store(cancellationToken);
        var keys = new List<string>();
        await foreach (var entry in store.List(KeyValueRange.All, cancellationToken))
        {
            keys.Add(entry.Key);
        }

        foreach (var chunk in keys.Chunk(KeyValueTransaction.MaximumParts))
        {
            await _group.Transact(new KeyValueTransaction([], [.. chunk.Select(KeyValueOperation.Delete)], []), cancellationToken);
        }
    }

    private async Task<ReminderTableData> Read(IEnumerable<KeyValueRange> ranges, CancellationToken cancellationToken)
    {
        var store = await _group.Store(cancellationToken);
        var reminders = new List<ReminderEntry>();
        foreach (var range in ranges)
        {
            await foreach (var entry in store.List(range, cancellationToken))
            {
                reminders.Add(ReminderRow.Decode(entry));
            }
        }

        return new ReminderTableData(reminders);
    }
}
