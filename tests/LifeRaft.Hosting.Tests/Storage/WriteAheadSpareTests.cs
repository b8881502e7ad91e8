using LifeRaft.Chaos;
using LifeRaft.Protocol;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>Segments that have gone are written over: a new file costs as many bytes of zeros as it is long, and a sync.</summary>
public sealed class WriteAheadSpareTests : IDisposable
{
    private const int Segments = 30;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(true)] // What the segment before holds is covered when the next one begins, so it goes then.
    [InlineData(false)] // It goes later, when a file for the next but one is ready already.
    public async Task Few_files_are_made_for_many_segments(bool goesWithTheNext)
    {
        var device = new CountingDevice();
        await using var store = WriteAheadLogStoreTests.At(_directory.Path, device);
        await store.Open(TestContext.Current.CancellationToken);
        var log = await store.Claim("g/1");
        var last = 0L;
        for (var round = 0; round < Segments; round++)
        {
            for (var begun = device.Begun; device.Begun == begun;)
            {
                await log.Durable(Only(Entry(++last, payloadBytes: 10_000)));
                if (goesWithTheNext)
                {
                    await log.Durable(CoveringUpTo(last));
                }
            }

            await HasSpare();
            await log.Durable(CoveringUpTo(last));
            await HasSpare();
        }

        Assert.InRange(device.Allocations, 1, 6);
    }

    [Theory]
    [InlineData(0)] // Nothing of the new header is sure to be there.
    [InlineData(1)] // Nor of what lies behind it.
    [InlineData(2)]
    [InlineData(3)] // All of it is there, and has no name yet.
    public async Task A_segment_that_is_written_over_does_not_come_back_under_its_old_name(int steps)
    {
        var last = 0L;
        for (var start = 1; start <= 8; start++)
        {
            var device = new PowerCutDevice(start) { StepsAfterReuse = steps };
            await using var store = WriteAheadLogStoreTests.At(_directory.Path, device);
            await store.Open(TestContext.Current.CancellationToken);
            var log = await store.Claim("g/1");
            Assert.InRange(log.Restored.Last.Value, last, last + 1); // The one whose power was lost may be there, or not.
            last = log.Restored.Last.Value;
            try
            {
                while (true)
                {
                    await HasSpare();
                    await log.Durable(Only(Entry(last + 1, payloadBytes: 10_000)));
                    await log.Durable(CoveringUpTo(++last));
                }
            }
            catch (LogStoreStoppedException) when (device.IsCut)
            {
                Assert.Equal(1, device.Reused);
            }
        }
    }

    /// <summary>What goes on in the background has come to where a file is ready.</summary>
    private Task<int> HasSpare() => Polling.For(
        "a spare file", () => Task.FromResult(Directory.EnumerateFiles(Path.Combine(_directory.Path, "log"), "spare-*").Count()), count => count > 0);

    private static LogWrite CoveringUpTo(long last)
    {
        var position = new LogPosition(new LogIndex(last), new Term(1));
        return new LogWrite(null, null, []) { Snapshot = new SnapshotWrite(new SnapshotHeader(position, new LogIndex(1), GroupConfiguration.None, 0, 0), position, ReplacesLog: false) };
    }

    private sealed class CountingDevice : WriteAheadDevice
    {
        private int _allocations;
        private int _begun;

        public int Allocations => Volatile.Read(ref _allocations);

        public int Begun => Volatile.Read(ref _begun);

        internal override void Allocate(string file, long bytes)
        {
            base.Allocate(file, bytes);
            if (bytes > 0)
            {
                Interlocked.Increment(ref _allocations);
            }
        }

        internal override void Publish(string temporary, string file)
        {
            base.Publish(temporary, file);
            if (Path.GetExtension(file) == ".segment")
            {
                Interlocked.Increment(ref _begun);
            }
        }
    }
}
