using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>What is done about a write-ahead log that is not as it was written.</summary>
public sealed class WriteAheadDamageTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task S58_A_last_commit_that_is_torn_is_cut_off_and_the_log_goes_on_before_it()
    {
        await Write(1, 10);
        await using (var store = await Open())
        {
            await (await store.Claim("g/1")).Durable(Entries(11, 11));
        }

        var file = Segments()[^1];

        // Its last byte that is not zero belongs to its last commit.
        Change(file, bytes => bytes[Array.FindLastIndex(bytes, one => one != 0)] ^= 1);
        await using var again = await Open();
        var log = await again.Claim("g/1");
        Assert.Equal(10, log.Restored.Last.Value);
        await log.Durable(Entries(11, 12, term: 2));
        AssertSame([Entry(10), Entry(11, 2), Entry(12, 2)], await log.ReadAll(10, 12));
    }

    [Fact]
    public async Task S59_Damage_before_the_last_commit_is_refused_by_file_and_place_and_nothing_is_changed()
    {
        await Write(1, 10);
        var file = Segments()[^1];
        Change(file, bytes => bytes[SegmentHeader.Bytes + 700] ^= 1);
        var before = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(Open);
        Assert.Contains($"{Path.GetFileName(file)} is damaged at ", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Damage_at_the_end_of_an_earlier_segment_is_no_torn_commit()
    {
        await Write(1, 10);
        var file = Segments()[^1];
        await Write(11, 12);
        Change(file, bytes => bytes[Array.FindLastIndex(bytes, one => one != 0)] ^= 1);
        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(Open);
        Assert.Contains("no whole frame begins there", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_earlier_segment_that_is_missing_is_told_by_node_and_entry()
    {
        await Write(1, 10);
        var file = Segments()[^1];
        await Write(11, 12);
        File.Delete(file);
        await using var store = await Open();
        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(() => store.Claim("g/1"));
        Assert.Contains("node g/1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("entry 1 is missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_is_damaged_while_the_store_is_open_is_named_by_who_reads_it()
    {
        await using var store = await Open();
        var log = await store.Claim("g/1");
        await log.Durable(Entries(1, 3));
        Change(Segments()[^1], bytes => bytes[Array.FindLastIndex(bytes, one => one != 0)] ^= 1);
        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(() => log.ReadAll(1, 3));
        Assert.Contains("entry 1 of node g/1 is damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S17_No_acknowledgement_precedes_the_sync_that_covers_it() => Assert.Empty(await AcknowledgedTooEarly(new CountingDevice()));

    [Fact]
    public async Task S17_Without_syncing_every_acknowledgement_is_found_too_early() => Assert.Equal(20, (await AcknowledgedTooEarly(new UnsyncedDevice())).Count);

    [Fact]
    public async Task S57_A_full_disk_stops_the_store_and_what_was_acknowledged_is_there_when_there_is_room()
    {
        var device = new FullDevice();
        await using (var store = await Open(device))
        {
            var log = await store.Claim("g/1");
            await log.Durable(Entries(1, 5));
            device.IsFull = true;
            await Assert.ThrowsAsync<LogStoreStoppedException>(() => log.Durable(Entries(6, 6)));
            Assert.Contains("No space left", (await store.Stopped.Within()).Message, StringComparison.Ordinal);
            Assert.Throws<LogStoreStoppedException>(() => log.Write(Entries(7, 7), new Completion()));
        }

        await using var again = await Open();
        AssertSame(Entries(1, 5).Entries, await (await again.Claim("g/1")).ReadAll(1, 5));
    }

    private async Task Write(long first, long last)
    {
        await using var store = await Open();
        foreach (var node in new[] { "g/1", "g/2" })
        {
            var log = await store.Claim(node);
            foreach (var index in Range(first, last))
            {
                await log.Durable(Entries(index, index));
            }
        }
    }

    private async Task<WriteAheadLogStore> Open() => await Open(new WriteAheadDevice());

    private async Task<WriteAheadLogStore> Open(WriteAheadDevice device)
    {
        var store = WriteAheadLogStoreTests.At(_directory.Path, device);
        try
        {
            await store.Open(TestContext.Current.CancellationToken);
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private string[] Segments() => [.. Directory.EnumerateFiles(Path.Combine(_directory.Path, "log"), "*.segment").Order(StringComparer.Ordinal)];

    private static void Change(string file, Action<byte[]> change)
    {
        var bytes = File.ReadAllBytes(file);
        change(bytes);
        using var handle = File.OpenHandle(file, FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        RandomAccess.Write(handle, bytes, 0);
    }

    /// <summary>Twenty writes, one after the other: each needs a sync of its own before it is acknowledged.</summary>
    private async Task<IReadOnlyCollection<long>> AcknowledgedTooEarly(CountingDevice device)
    {
        await using var store = await Open(device);
        var log = await store.Claim("g/1");
        var early = new ConcurrentQueue<long>();
        for (var index = 1L; index <= 20; index++)
        {
            var (before, write) = (device.Syncs, index);
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

    private class CountingDevice : WriteAheadDevice
    {
        private long _syncs;

        public long Syncs => Interlocked.Read(ref _syncs);

        internal override void Sync(SafeFileHandle file)
        {
            base.Sync(file);
            Interlocked.Increment(ref _syncs);
        }
    }

    private sealed class UnsyncedDevice : CountingDevice
    {
        internal override void Sync(SafeFileHandle file)
        {
        }
    }

    private sealed class FullDevice : WriteAheadDevice
    {
        public bool IsFull { get; set; }

        internal override void Write(SafeFileHandle file, ReadOnlySpan<byte> bytes, long offset)
        {
            if (IsFull)
            {
                throw new IOException("No space left on device");
            }

            base.Write(file, bytes, offset);
        }
    }
}
