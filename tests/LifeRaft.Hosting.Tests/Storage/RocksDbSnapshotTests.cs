using LifeRaft.Protocol;
using LifeRaft.Storage.RocksDb;
using Microsoft.Extensions.Logging.Abstractions;
using RocksDbSharp;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.SnapshotTesting;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>The files of snapshots: crashes at every step, a device that fails, and damage.</summary>
public sealed class RocksDbSnapshotTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task S35_a_crash_at_any_step_of_taking_a_snapshot_leaves_the_old_state_or_the_new_one()
    {
        using var steps = new Steps(_directory);
        var (first, second) = (Header(5, 3000), Header(9, 5000));
        await using (var store = At(_directory.Path, steps))
        {
            await store.Open(CancellationToken.None);
            var log = await store.Claim("g/1");
            await log.Durable(Entries(1, 10));
            await log.Durable(InForce(await log.Taken(5, bytes: 3000), start: 3));
            steps.Begin();
            await log.Durable(InForce(await log.Taken(9, bytes: 5000), start: 7));
        }

        Assert.True(steps.Copies.Count >= 6, $"Only {steps.Copies.Count} steps were seen.");
        var states = new HashSet<long>();
        foreach (var copy in steps.Copies)
        {
            await using var store = RocksDbLogStoreTests.At(copy.Path);
            await store.Open(CancellationToken.None);
            var log = await store.Claim("g/1");
            var isNew = log.Restored.Snapshot!.Index == second.Index;
            states.Add(log.Restored.Snapshot.Index.Value);
            AssertSame(isNew ? second : first, log.Restored.Snapshot);
            Assert.Equal(Content(isNew ? 5000 : 3000), await log.Read(log.Restored.Snapshot));
            Assert.Equal((isNew ? 7L : 3L, 10L), (log.Restored.Base.Index.Value, log.Restored.Last.Value));
            AssertSame(Range(isNew ? 8 : 4, 10).Select(index => Entry(index)), await log.ReadAll(isNew ? 8 : 4, 10));
            Assert.Single(FilesOf(copy.Path));
        }

        Assert.Equal([5L, 9L], states.Order());
    }

    [Fact]
    public async Task S35_a_crash_at_any_step_of_receiving_and_installing_leaves_the_old_state_or_the_new_one()
    {
        using var steps = new Steps(_directory);
        var header = Header(20, 2500, term: 4);
        await using (var store = At(_directory.Path, steps))
        {
            await store.Open(CancellationToken.None);
            var log = await store.Claim("g/1");
            await log.Durable(Entries(1, 10));
            steps.Begin();
            await log.Receive(header, Content(2500));
            await log.Durable(InForce(header, start: 20, startTerm: 4, replaces: true) with { Entries = [Entry(21, term: 4)] });
        }

        var states = new HashSet<long>();
        foreach (var copy in steps.Copies)
        {
            await using var store = RocksDbLogStoreTests.At(copy.Path);
            await store.Open(CancellationToken.None);
            var log = await store.Claim("g/1");
            states.Add(log.Restored.Last.Value);
            if (log.Restored.Snapshot is { } installed)
            {
                AssertSame(header, installed);
                Assert.Equal(Content(2500), await log.Read(installed));
                AssertSame([Entry(21, term: 4)], await log.ReadAll(21, 21));
            }
            else
            {
                AssertSame(Range(1, 10).Select(index => Entry(index)), await log.ReadAll(1, 10));
                Assert.Empty(FilesOf(copy.Path));
            }
        }

        Assert.Equal([10L, 21L], states.Order());
    }

    [Fact]
    public async Task S17_a_snapshot_is_synced_and_has_its_name_before_a_write_names_it()
    {
        using var steps = new Steps(_directory);
        await using var store = At(_directory.Path, steps);
        await store.Open(CancellationToken.None);
        var log = await store.Claim("g/1");
        await log.Durable(Entries(1, 10));
        steps.Begin();
        await log.Durable(InForce(await log.Taken(9), start: 7));
        Assert.Equal(["append", "sync", "publish", "write"], steps.Names);
    }

    [Theory]
    [InlineData("append")]
    [InlineData("sync")]
    [InlineData("publish")]
    public async Task S60_a_device_that_fails_at_a_snapshot_stops_the_store_and_a_restart_is_clean(string step)
    {
        using var steps = new Steps(_directory);
        await using (var store = At(_directory.Path, steps))
        {
            await store.Open(CancellationToken.None);
            var log = await store.Claim("g/1");
            await log.Durable(Entries(1, 10));
            steps.FailsAt = step;
            var failure = await Assert.ThrowsAsync<LogStoreStoppedException>(() => log.Taken(9));
            Assert.Contains("No space left", failure.Message, StringComparison.Ordinal);
            await store.Stopped.Within();
            Assert.Throws<LogStoreStoppedException>(() => log.Write(Entries(11, 11), new Completion()));
            Assert.Empty(FilesOf(_directory.Path));
        }

        await using var restarted = RocksDbLogStoreTests.At(_directory.Path);
        await restarted.Open(CancellationToken.None);
        var again = await restarted.Claim("g/1");
        Assert.Null(again.Restored.Snapshot);
        AssertSame(Range(1, 10).Select(index => Entry(index)), await again.ReadAll(1, 10));
        Assert.Empty(FilesOf(_directory.Path));
        await again.Durable(InForce(await again.Taken(9), start: 9));
    }

    [Theory]
    [InlineData("changed", "its checksum is")]
    [InlineData("cut", "bytes instead of 3000")]
    [InlineData("missing", "it is missing")]
    public async Task A_snapshot_that_is_damaged_on_the_disk_is_named(string damage, string reason)
    {
        var header = Header(5, 3000);
        await using var store = RocksDbLogStoreTests.At(_directory.Path);
        await store.Open(CancellationToken.None);
        var log = await store.Claim("g/1");
        await log.Durable(Entries(1, 10));
        await log.Durable(InForce(await log.Taken(5, bytes: 3000), start: 3));
        Harm(Assert.Single(FilesOf(_directory.Path)), damage);
        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(() => log.Read(header));
        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
        Assert.Contains("let it join again", failure.Message, StringComparison.Ordinal);
        if (damage != "changed")
        {
            await Assert.ThrowsAsync<LogStoreCorruptException>(() => log.ReadSnapshotPart(header, 0, 100, CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_claim_removes_what_an_older_one_was_writing_and_that_one_stops_nothing()
    {
        await using var store = RocksDbLogStoreTests.At(_directory.Path);
        await store.Open(CancellationToken.None);
        var older = await store.Claim("g/1");
        await older.Durable(Entries(1, 10));
        using var isWriting = new ManualResetEventSlim();
        using var mayGoOn = new ManualResetEventSlim();
        var writing = older.WriteSnapshot(
            Position(9),
            stream =>
            {
                stream.Write(new byte[200_000]);
                isWriting.Set();
                Assert.True(mayGoOn.Wait(Deadline));
                stream.Write(new byte[200_000]);
            },
            CancellationToken.None);
        Assert.True(isWriting.Wait(Deadline));
        var newer = await store.Claim("g/1");
        mayGoOn.Set();
        await Assert.ThrowsAsync<ClaimLostException>(() => writing.Within());
        Assert.False(store.Stopped.IsCompleted);
        await newer.Durable(InForce(await newer.Taken(9), start: 9));
    }

    [Fact]
    public async Task S37_a_device_that_cannot_read_a_snapshot_is_named_to_whoever_loads_or_sends_it()
    {
        await using var store = At(_directory.Path, new UnreadableFiles());
        await store.Open(CancellationToken.None);
        var log = await store.Claim("g/1");
        await log.Durable(Entries(1, 10));
        var header = await log.Taken(9);
        await log.Durable(InForce(header, start: 9));
        var loading = await Assert.ThrowsAsync<LogStoreCorruptException>(() => log.Read(header));
        var ignored = await Assert.ThrowsAsync<LogStoreCorruptException>(() => log.ReadSnapshot(header, static _ => { }, CancellationToken.None));
        var sending = await Assert.ThrowsAsync<LogStoreCorruptException>(() => log.ReadSnapshotPart(header, 0, 10, CancellationToken.None));
        Assert.All([loading, ignored, sending], failure => Assert.Contains("it cannot be read: Input/output error", failure.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task S60_a_flush_of_the_state_machine_that_fails_is_the_devices_failure_whether_it_passes_it_on_or_not(bool passesItOn)
    {
        await using var store = At(_directory.Path, new FullAtFlush());
        await store.Open(CancellationToken.None);
        var log = await store.Claim("g/1");
        await log.Durable(Entries(1, 10));
        await Assert.ThrowsAsync<LogStoreStoppedException>(() => log.WriteSnapshot(
            Position(9),
            stream =>
            {
                try
                {
                    stream.Write(new byte[1000]);
                    stream.Flush();
                }
                catch (IOException) when (!passesItOn)
                {
                }
            },
            CancellationToken.None).Within());
        await store.Stopped.Within();
        Assert.Empty(FilesOf(_directory.Path));
    }

    [Fact]
    public async Task S17_the_names_of_new_directories_are_synced_with_that_of_the_file()
    {
        var files = new NotingNames();
        await using var store = At(_directory.Path, files);
        await store.Open(CancellationToken.None);
        var log = await store.Claim("g/1");
        await log.Durable(Entries(1, 10));
        await log.Taken(9);
        var snapshots = Path.Combine(_directory.Path, "snapshots");
        Assert.Equal([Path.Combine(snapshots, "1"), snapshots, _directory.Path], files.Synced);
    }

    [Fact]
    public async Task A_start_removes_the_snapshots_of_nodes_that_are_gone_and_leaves_what_is_not_its_own()
    {
        var gone = Directory.CreateDirectory(Path.Combine(_directory.Path, "snapshots", "77")).FullName;
        var foreign = Directory.CreateDirectory(Path.Combine(_directory.Path, "snapshots", "by-hand")).FullName;
        await File.WriteAllTextAsync(Path.Combine(gone, "00000000000000000009-1-0123456789abcdef.snapshot"), "of a node that was deleted");
        await using var store = RocksDbLogStoreTests.At(_directory.Path);
        await store.Open(CancellationToken.None);
        Assert.False(Directory.Exists(gone));
        Assert.True(Directory.Exists(foreign));
    }

    private static RocksDbLogStore At(string directory, Steps steps) => new(
        new RocksDbLogStoreOptions { Directory = directory }, NullLogger<RocksDbLogStore>.Instance, steps.Database, steps.Files);

    private static RocksDbLogStore At(string directory, SnapshotDevice files) => new(
        new RocksDbLogStoreOptions { Directory = directory }, NullLogger<RocksDbLogStore>.Instance, new RocksDbDevice(), files);

    internal static string[] FilesOf(string directory)
    {
        var snapshots = Path.Combine(directory, "snapshots");
        return Directory.Exists(snapshots) ? Directory.GetFiles(snapshots, "*", SearchOption.AllDirectories) : [];
    }

    private static void Harm(string file, string damage)
    {
        if (damage == "missing")
        {
            File.Delete(file);
            return;
        }

        var bytes = File.ReadAllBytes(file);
        bytes[1500] ^= 1;
        File.WriteAllBytes(file, damage == "cut" ? bytes[..2000] : bytes);
    }

    private sealed class UnreadableFiles : SnapshotDevice
    {
        internal override Stream OpenRead(string file) => new Unreadable(file);

        private sealed class Unreadable(string file) : FileStream(file, FileMode.Open, FileAccess.Read)
        {
            public override int Read(Span<byte> buffer) => throw new IOException("Input/output error");

            public override int Read(byte[] array, int offset, int count) => throw new IOException("Input/output error");
        }
    }

    private sealed class FullAtFlush : SnapshotDevice
    {
        internal override Stream Append(string file) => new Full(file);

        private sealed class Full(string file) : FileStream(file, FileMode.Append, FileAccess.Write)
        {
            public override void Flush() => throw new IOException("No space left on device");
        }
    }

    private sealed class NotingNames : SnapshotDevice
    {
        public List<string> Synced { get; } = [];

        internal override void SyncNamesIn(string directory)
        {
            base.SyncNamesIn(directory);
            Synced.Add(directory);
        }
    }

    /// <summary>The steps in which the device is reached: each can be the last one before a crash, or fail.</summary>
    private sealed class Steps(TemporaryDirectory directory) : IDisposable
    {
        private bool _isSeen;

        public Steps.DatabaseDevice Database => new(this);

        public Steps.FilesDevice Files => new(this);

        public List<string> Names { get; } = [];

        /// <summary>What a crash before each step, and one after it, would leave.</summary>
        public List<TemporaryDirectory> Copies { get; } = [];

        public string? FailsAt { get; set; }

        public void Begin() => _isSeen = true;

        public void Dispose() => Copies.ForEach(copy => copy.Dispose());

        private T Step<T>(string name, Func<T> step)
        {
            if (FailsAt == name)
            {
                throw new IOException("No space left on device");
            }

            if (!_isSeen)
            {
                return step();
            }

            Names.Add(name);
            Copies.Add(directory.Copy());
            var result = step();
            Copies.Add(directory.Copy());
            return result;
        }

        public sealed class DatabaseDevice(Steps steps) : RocksDbDevice
        {
            /// <summary>Files that come and go meanwhile cannot be copied.</summary>
            internal override void Compact(RocksDb database, byte[] from, byte[] to)
            {
            }

            internal override void Write(RocksDb database, WriteBatch batch, WriteOptions options) => steps.Step("write", () =>
            {
                base.Write(database, batch, options);
                return true;
            });
        }

        public sealed class FilesDevice(Steps steps) : SnapshotDevice
        {
            internal override Stream Append(string file) => steps.Step("append", () => base.Append(file));

            internal override void Sync(Stream file) => steps.Step("sync", () =>
            {
                base.Sync(file);
                return true;
            });

            internal override void Publish(string temporary, string file) => steps.Step("publish", () =>
            {
                base.Publish(temporary, file);
                return true;
            });
        }
    }
}
