using System.Diagnostics;
using LifeRaft.Protocol;
using LifeRaft.Storage.RocksDb;
using Microsoft.Extensions.Logging.Abstractions;
using RocksDbSharp;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.SnapshotTesting;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>Writes that fail, and directories that do not open.</summary>
public sealed class RocksDbFailureTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task S59_A_write_that_fails_once_stops_the_store_and_a_restart_finds_what_was_acknowledged()
    {
        var device = new FailingDevice();
        await using (var store = RocksDbLogStoreTests.At(_directory.Path, device))
        {
            await store.Open(CancellationToken.None);
            var log = await store.Claim("g/1");
            await log.Durable(Entries(1, 3));

            device.FailsOnce = true;
            var failure = await Assert.ThrowsAsync<LogStoreStoppedException>(() => log.Durable(Entries(4, 4)));

            Assert.Contains(_directory.Path, failure.Message, StringComparison.Ordinal);
            Assert.Throws<LogStoreStoppedException>(() => log.Write(Entries(4, 4), new Completion()));
            await store.Stopped.Within();
        }

        await using var restarted = RocksDbLogStoreTests.At(_directory.Path);
        await restarted.Open(CancellationToken.None);
        AssertSame(Entries(1, 3).Entries, await (await restarted.Claim("g/1")).ReadAll(1, 3));
    }

    [Fact]
    public async Task S60_A_full_disk_stops_the_store_and_it_starts_clean_when_there_is_space_again()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && await Run("mount", "-t", "tmpfs", "-o", "size=24m", "liferaft-test", _directory.Path),
            "A small tmpfs cannot be mounted here; that takes Linux and root.");
        try
        {
            var acknowledged = await WriteUntilFull();
            Assert.True(acknowledged > 0, "Nothing fitted on the disk.");

            Assert.True(await Run("mount", "-o", "remount,size=256m", _directory.Path));
            await using var store = RocksDbLogStoreTests.At(_directory.Path);
            await store.Open(CancellationToken.None);
            var log = await store.Claim("g/1");
            Assert.True(log.Restored.Last.Value >= acknowledged, $"{acknowledged} writes were acknowledged, {log.Restored.Last} are there.");
            for (var index = 1; index <= log.Restored.Last.Value; index++)
            {
                AssertSame([Entry(index, payloadBytes: 100_000)], await log.ReadAll(index, index));
            }

            await log.Durable(Only(Entry(log.Restored.Last.Value + 1)));
        }
        finally
        {
            await Run("umount", _directory.Path);
        }
    }

    [Fact]
    public async Task S60_A_disk_that_a_snapshot_fills_stops_the_store_and_has_room_again_at_once()
    {
        Assert.SkipUnless(
            OperatingSystem.IsLinux() && await Run("mount", "-t", "tmpfs", "-o", "size=24m", "liferaft-test", _directory.Path),
            "A small tmpfs cannot be mounted here; that takes Linux and root.");
        try
        {
            await using (var full = RocksDbLogStoreTests.At(_directory.Path))
            {
                await full.Open(CancellationToken.None);
                var writer = await full.Claim("g/1");
                await writer.Durable(Entries(1, 10));
                await writer.Durable(InForce(await writer.Taken(5, bytes: 1000), start: 3));
                var failure = await Assert.ThrowsAsync<LogStoreStoppedException>(() => writer.Taken(9, bytes: 64 * 1024 * 1024));
                Assert.Contains("No space left", failure.Message, StringComparison.Ordinal);
                await full.Stopped.Within();
            }

            await using var store = RocksDbLogStoreTests.At(_directory.Path);
            await store.Open(CancellationToken.None);
            var log = await store.Claim("g/1");
            AssertSame(Header(5, 1000), log.Restored.Snapshot);
            Assert.Equal(Content(1000), await log.Read(Header(5, 1000)));
            AssertSame(Range(4, 10).Select(index => Entry(index)), await log.ReadAll(4, 10));
            Assert.Single(RocksDbSnapshotTests.FilesOf(_directory.Path));
            await log.Durable(InForce(await log.Taken(9, bytes: 2000), start: 9));
        }
        finally
        {
            await Run("umount", _directory.Path);
        }
    }

    [Fact]
    public async Task S65_Files_of_a_newer_format_are_refused_with_what_to_do()
    {
        await Prepare(database => PutFormat(database, StoreHeader.Format + 1));
        await using var store = RocksDbLogStoreTests.At(_directory.Path);

        var failure = await Assert.ThrowsAsync<LogStoreException>(() => store.Open(CancellationToken.None));

        Assert.Contains($"format {StoreHeader.Format + 1}", failure.Message, StringComparison.Ordinal);
        Assert.Contains("Start the version", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_of_somebody_else_is_refused()
    {
        await Prepare(database => database.Put("hello", "world"));
        await using var store = RocksDbLogStoreTests.At(_directory.Path);

        var failure = await Assert.ThrowsAsync<LogStoreException>(() => store.Open(CancellationToken.None));

        Assert.Contains("no log store of LifeRaft", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_named()
    {
        var file = Path.Combine(_directory.Path, "file");
        await File.WriteAllTextAsync(file, "in the way");
        await using var store = RocksDbLogStoreTests.At(file);

        var failure = await Assert.ThrowsAsync<LogStoreException>(() => store.Open(CancellationToken.None));

        Assert.Contains(file, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Options_that_cannot_work_are_refused_with_all_that_is_wrong()
    {
        var options = new RocksDbLogStoreOptions { WriteBuffers = 1, WriteBufferBytes = 5 };

        var failure = Assert.Throws<ArgumentException>(() => new RocksDbLogStore(options, NullLogger<RocksDbLogStore>.Instance));

        Assert.All(["Directory", "WriteBuffers", "WriteBufferBytes"], name => Assert.Contains($"{name} must", failure.Message, StringComparison.Ordinal));
    }

    private async Task<long> WriteUntilFull()
    {
        await using var store = RocksDbLogStoreTests.At(_directory.Path);
        await store.Open(CancellationToken.None);
        var log = await store.Claim("g/1");
        for (var index = 1L; ; index++)
        {
            try
            {
                await log.Durable(Only(Entry(index, payloadBytes: 100_000)));
            }
            catch (LogStoreStoppedException failure)
            {
                Assert.Contains("No space left", failure.Message, StringComparison.Ordinal);
                await store.Stopped.Within();
                return index - 1;
            }
        }
    }

    private async Task Prepare(Action<RocksDb> change)
    {
        using var database = RocksDb.Open(new DbOptions().SetCreateIfMissing(true), _directory.Path);
        change(database);
        await Task.CompletedTask;
    }

    private static void PutFormat(RocksDb database, long format)
    {
        using var batch = new RecordBatch();
        batch.PutNumber(RecordKey.OfStore(RecordKind.Format), format);
        database.Write(batch.Native);
    }

    private static async Task<bool> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync().Within();
        return process.ExitCode == 0;
    }

    private sealed class FailingDevice : RocksDbDevice
    {
        internal bool FailsOnce { get; set; }

        internal override void Write(RocksDb database, WriteBatch batch, WriteOptions options)
        {
            if (FailsOnce)
            {
                FailsOnce = false;
                throw new IOException("Input/output error");
            }

            base.Write(database, batch, options);
        }
    }
}
