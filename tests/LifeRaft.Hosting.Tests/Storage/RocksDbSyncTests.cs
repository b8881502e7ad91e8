using System.Collections.Concurrent;
using LifeRaft.Storage.RocksDb;
using RocksDbSharp;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>
/// Killing a process does not show a missing sync, because the page cache survives. So RocksDB itself is asked how often it has
/// synced its log file, at the moment of every acknowledgement.
/// </summary>
public sealed class RocksDbSyncTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task S17_No_acknowledgement_precedes_the_sync_that_covers_it() =>
        Assert.Empty(await AcknowledgementsBeforeTheirSync(new SyncCountingDevice()));

    [Fact]
    public async Task S17_Without_syncing_every_acknowledgement_is_found_too_early() =>
        Assert.Equal(20, (await AcknowledgementsBeforeTheirSync(new UnsyncedDevice())).Count);

    [Fact]
    public async Task Writes_of_many_nodes_share_syncs()
    {
        var device = new SyncCountingDevice();
        await using var store = RocksDbLogStoreTests.At(_directory.Path, device);
        await store.Open(CancellationToken.None);
        var logs = await Task.WhenAll(Range(1, 50).Select(node => store.Claim($"g/{node}")));
        var before = device.Syncs;

        await Task.WhenAll(logs.SelectMany(log => Range(1, 40).Select(index => log.Durable(Entries(index, index)))));

        Assert.InRange(device.Syncs - before, 1, 1000);
    }

    /// <summary>Twenty writes, one after the other: each needs a sync of its own before it is acknowledged.</summary>
    private async Task<IReadOnlyCollection<long>> AcknowledgementsBeforeTheirSync(SyncCountingDevice device)
    {
        await using var store = RocksDbLogStoreTests.At(_directory.Path, device);
        await store.Open(CancellationToken.None);
        var log = await store.Claim("g/1");
        var early = new ConcurrentQueue<long>();
        for (var index = 1L; index <= 20; index++)
        {
            var before = device.Syncs;
            var write = index;
            var completion = new Completion(() =>
            {
                if (device.Syncs <= before)
                {
                    early.Enqueue(write);
                }
            });
            log.Write(Entries(index, index), completion);
            await completion.Done;
        }

        return early;
    }

    private class SyncCountingDevice : RocksDbDevice
    {
        // "rocksdb.wal.synced COUNT : 17" in the statistics is the number of times that a log file was really synced.
        private const string Ticker = "rocksdb.wal.synced COUNT : ";
        private DbOptions? _options;

        internal long Syncs
        {
            get
            {
                var statistics = _options!.GetStatisticsString();
                var at = statistics.IndexOf(Ticker, StringComparison.Ordinal) + Ticker.Length;
                return long.Parse(statistics[at..statistics.IndexOf('\n', at)], System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        internal override DbOptions OptionsOf(RocksDbLogStoreOptions options) => _options = base.OptionsOf(options).EnableStatistics();
    }

    private sealed class UnsyncedDevice : SyncCountingDevice
    {
        internal override WriteOptions WriteOptions() => new WriteOptions().SetSync(false);
    }
}
