using System.Diagnostics;
using System.Globalization;
using LifeRaft.Storage.RocksDb;
using Microsoft.Extensions.Logging.Abstractions;
using RocksDbSharp;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.SnapshotTesting;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>What snapshots leave on the disk, and what a long log costs the claim of its node. The figures are printed.</summary>
public sealed class RocksDbSnapshotRoomTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly MeasuredDevice _device = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Under_continuous_writing_the_disk_holds_no_more_than_the_snapshots_leave()
    {
        const int PayloadBytes = 10_000, EntriesPerSnapshot = 300, Snapshots = 40;
        await using var store = await Open();
        var log = await store.Claim("g/1");
        var largest = new long[2];
        for (var round = 0; round < Snapshots; round++)
        {
            await WriteAndCompact(log, round, EntriesPerSnapshot, PayloadBytes);
            var half = round * 2 / Snapshots;
            largest[half] = Math.Max(largest[half], BytesOnDisk());
        }

        const long Written = (long)PayloadBytes * EntriesPerSnapshot * Snapshots;
        Say($"{Written / 1e6:0} MB were written; the directory had {largest[0] / 1e6:0.0} MB at most in the first half of it, {largest[1] / 1e6:0.0} MB in the second.");
        Assert.True(largest.Max() < Written / 3, $"{Written} bytes were written, and the directory had {largest.Max()}.");
        await store.DisposeAsync();
        await using var again = await Open();
        _ = await again.Claim("g/1");
        Assert.Single(RocksDbSnapshotTests.FilesOf(_directory.Path));
    }

    [Fact]
    public async Task Compacting_the_logs_of_many_nodes_rewrites_a_bounded_multiple_of_what_they_wrote()
    {
        const int PayloadBytes = 1000, EntriesPerSnapshot = 50, Nodes = 100, Rounds = 20;
        long largest = 0;
        await using (var store = await Open())
        {
            var logs = await Task.WhenAll(Range(1, Nodes).Select(node => store.Claim($"g/{node}")));
            for (var round = 0; round < Rounds; round++)
            {
                await Task.WhenAll(logs.Select(log => WriteAndCompact(log, round, EntriesPerSnapshot, PayloadBytes)));
                largest = Math.Max(largest, BytesOnDisk());
            }

        }

        const long Written = (long)PayloadBytes * EntriesPerSnapshot * Nodes * Rounds;
        var rewritten = _device.CompactedBytes;
        Say($"{Written / 1e6:0} MB were written by {Nodes} nodes with {Nodes * Rounds} snapshots; {_device.Compactions} compactions wrote {rewritten / 1e6:0} MB; the directory had {largest / 1e6:0.0} MB at most.");
        Assert.True(rewritten < 4 * Written, $"{Written} bytes were written, and {rewritten} were for the room.");
        Assert.True(largest < Written / 2, $"{Written} bytes were written, and the directory had {largest}.");
    }

    [Fact]
    public async Task A_deleted_node_leaves_no_room_taken()
    {
        await using var store = await Open();
        var other = await store.Claim("g/2");
        await other.Durable(Entries(1, 10));
        var log = await store.Claim("g/1");
        await log.Durable(new LogWrite(null, null, [.. Range(1, 1000).Select(index => Entry(index, payloadBytes: 10_000))]));
        await log.Durable(InForce(await log.Taken(1000, bytes: 5_000_000), start: 0, startTerm: 0));
        await log.Delete(null, CancellationToken.None).Within();
        await Until(() => BytesOnDisk() < 5_000_000 && RocksDbSnapshotTests.FilesOf(_directory.Path).Length == 0);
        AssertSame(Range(1, 10).Select(index => Entry(index)), await other.ReadAll(1, 10));
    }

    [Fact]
    public async Task A_claim_costs_what_came_after_the_snapshot_and_not_what_came_before()
    {
        (string, int)[] logs = [("g/1", 1_000), ("g/2", 1_000_000)];
        await using (var written = await Open(writeBufferBytes: 16 * 1024 * 1024))
        {
            foreach (var (node, entries) in logs)
            {
                await Prepare(await written.Claim(node), entries);
                _ = await written.Claim(node); // What is measured below has been compiled.
            }
        }

        var watch = Stopwatch.StartNew();
        await using var store = await Open();
        Say($"The store of both opened in {watch.Elapsed.TotalMilliseconds:0} ms.");
        foreach (var (node, entries) in logs)
        {
            watch.Restart();
            var log = await store.Claim(node);
            var claimed = watch.Elapsed;
            Assert.Equal((100, entries), (log.Restored.Last - log.Restored.Base.Index, log.Restored.Last.Value));
            Say($"A log of {entries:N0} entries with a snapshot and a tail of 100: claimed in {claimed.TotalMilliseconds:0.00} ms.");
        }

        static async Task Prepare(INodeLog log, int entries)
        {
            for (var first = 1; first <= entries; first += 1000)
            {
                await log.Durable(Entries(first, first + 999));
            }

            await log.Durable(InForce(await log.Taken(entries - 50), start: entries - 100));
        }
    }

    private static void Say(FormattableString figures) => TestContext.Current.TestOutputHelper?.WriteLine(figures.ToString(CultureInfo.InvariantCulture));

    private static async Task WriteAndCompact(INodeLog log, int round, int entries, int payloadBytes)
    {
        var first = ((long)round * entries) + 1;
        var last = first + entries - 1;
        for (var index = first; index <= last; index += 50)
        {
            await log.Durable(new LogWrite(null, null, [.. Range(index, index + 49).Select(i => Entry(i, payloadBytes: payloadBytes))]));
        }

        await log.Durable(InForce(await log.Taken(last, bytes: 50_000), start: last - 20));
    }

    /// <summary>For what a store does when it finds the time.</summary>
    private static async Task Until(Func<bool> condition)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (!condition())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    private async Task<RocksDbLogStore> Open(long writeBufferBytes = 1024 * 1024)
    {
        var options = new RocksDbLogStoreOptions { Directory = _directory.Path, WriteBufferBytes = writeBufferBytes, WriteBuffers = 2 };
        var store = new RocksDbLogStore(options, NullLogger<RocksDbLogStore>.Instance, _device);
        await store.Open(CancellationToken.None);
        return store;
    }

    private long BytesOnDisk() => Directory.EnumerateFiles(_directory.Path, "*", SearchOption.AllDirectories).Sum(SizeOf);

    private static long SizeOf(string file)
    {
        try
        {
            return new FileInfo(file).Length;
        }
        catch (FileNotFoundException)
        {
            return 0; // It was removed meanwhile.
        }
    }

    private sealed class MeasuredDevice : RocksDbDevice
    {
        private const string Ticker = "rocksdb.compact.write.bytes COUNT : ";
        private DbOptions? _options;
        private int _compactions;

        public int Compactions => Volatile.Read(ref _compactions);

        public long CompactedBytes
        {
            get
            {
                var statistics = _options!.GetStatisticsString();
                var at = statistics.IndexOf(Ticker, StringComparison.Ordinal) + Ticker.Length;
                return long.Parse(statistics[at..statistics.IndexOf('\n', at)], CultureInfo.InvariantCulture);
            }
        }

        internal override DbOptions OptionsOf(RocksDbLogStoreOptions options) => _options = base.OptionsOf(options).EnableStatistics();

        internal override void Compact(RocksDb database, byte[] from, byte[] to)
        {
            Interlocked.Increment(ref _compactions);
            base.Compact(database, from, to);
        }
    }
}
