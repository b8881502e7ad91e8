using LifeRaft.Protocol;
using LifeRaft.Storage.RocksDb;
using RocksDbSharp;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>Write-ahead logs as a crash or a bad disk leaves them.</summary>
public sealed class RocksDbTornLogTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task S57_A_last_record_that_is_cut_at_any_byte_is_dropped_whole_and_nothing_else()
    {
        var (beforeLast, end) = await WriteThree();

        for (var length = beforeLast; length < end; length++)
        {
            using var copy = _directory.Copy();
            using (var wal = File.OpenWrite(WalIn(copy)))
            {
                wal.SetLength(length);
            }

            await AssertHoldsFirstTwo(copy, length);
        }
    }

    [Fact]
    public async Task S57_A_last_record_that_was_not_wholly_written_is_dropped_whole_and_nothing_else()
    {
        var (beforeLast, end) = await WriteThree();

        for (var offset = beforeLast; offset < end; offset += 7)
        {
            using var copy = _directory.Copy();
            var bytes = await File.ReadAllBytesAsync(WalIn(copy));
            bytes.AsSpan((int)offset).Clear();
            await File.WriteAllBytesAsync(WalIn(copy), bytes);

            await AssertHoldsFirstTwo(copy, offset);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(256)]
    [InlineData(40_000)]
    public async Task S57_Damage_before_good_records_keeps_the_store_from_opening_and_changes_nothing(int payloadBytes)
    {
        var (beforeLast, end) = await WriteThree(payloadBytes);
        for (var offset = 0L; offset < beforeLast; offset += Math.Max(1, beforeLast / 97))
        {
            using var copy = _directory.Copy();
            var bytes = await File.ReadAllBytesAsync(WalIn(copy));
            bytes[offset] ^= 0xff;
            await File.WriteAllBytesAsync(WalIn(copy), bytes);
            await using var store = RocksDbLogStoreTests.At(copy.Path);

            var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(() => store.Open(CancellationToken.None));

            Assert.Contains(Path.GetFileName(WalIn(copy)), failure.Message, StringComparison.Ordinal);
            Assert.Equal(bytes, await File.ReadAllBytesAsync(WalIn(copy)));
        }

        Assert.True(end > beforeLast);
    }

    [Fact]
    public async Task S57_Damage_at_the_end_of_a_log_file_that_is_followed_by_another_keeps_the_store_from_opening()
    {
        await using (var store = RocksDbLogStoreTests.At(_directory.Path))
        {
            await store.Open(CancellationToken.None);
            var log = await store.Claim("g/1");
            await log.Durable(Entries(1, 5));
        }

        // The next start makes a file of a higher number; put the older one back, with its end cut off.
        var older = (Path: WalIn(_directory), Bytes: await File.ReadAllBytesAsync(WalIn(_directory)));
        await using (var store = RocksDbLogStoreTests.At(_directory.Path))
        {
            await store.Open(CancellationToken.None);
            await (await store.Claim("g/1")).Durable(Entries(6, 9));
        }

        await File.WriteAllBytesAsync(older.Path, older.Bytes[..^3]);
        var failure = Assert.Throws<LogStoreCorruptException>(() => WalInspection.Inspect(_directory.Path, "store"));
        Assert.Contains("goes on with change", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("cut inside a record")]
    [InlineData("cut between two records")]
    public async Task S57_A_log_file_that_lost_its_end_while_a_later_one_is_there_keeps_the_store_from_opening(string loss)
    {
        await using var store = RocksDbLogStoreTests.At(_directory.Path, new LateFlushDevice());
        await store.Open(CancellationToken.None);
        var log = await store.Claim("g/1");
        var lengths = new List<(string Path, long Length)>();
        for (var index = 1; lengths.Select(file => file.Path).Distinct().Count() < 3; index++)
        {
            await log.Durable(Only(Entry(index, payloadBytes: 100_000)));
            lengths.Add((WalIn(_directory), new FileInfo(WalIn(_directory)).Length));
        }

        using var copy = _directory.Copy();
        var middle = lengths[lengths.Count / 2].Path;
        var ends = lengths.Where(file => file.Path == middle).Select(file => file.Length).ToArray();
        var damaged = Path.Combine(copy.Path, Path.GetFileName(middle));
        using (var file = File.OpenWrite(damaged))
        {
            file.SetLength(loss == "cut inside a record" ? ends[^2] + 10 : ends[^2]);
        }

        if (loss == "missing")
        {
            File.Delete(damaged);
        }

        await using var reopened = RocksDbLogStoreTests.At(copy.Path);
        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(() => reopened.Open(CancellationToken.None));
        Assert.Contains(copy.Path, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task S58_Records_across_block_borders_at_every_offset_are_read_as_whole()
    {
        await using var store = RocksDbLogStoreTests.At(_directory.Path);
        await store.Open(CancellationToken.None);
        var log = await store.Claim("g/1");
        foreach (var size in Range(0, 300))
        {
            await log.Durable(Only(Entry(size + 1, payloadBytes: 32_768 - 200 + (int)size)));
        }

        Assert.Empty(WalInspection.Inspect(_directory.Path, "store"));
    }

    /// <summary>Three writes of one node; returns where the last one begins and ends in the log file.</summary>
    private async Task<(long BeforeLast, long End)> WriteThree(int payloadBytes = 8)
    {
        await using var store = RocksDbLogStoreTests.At(_directory.Path);
        await store.Open(CancellationToken.None);
        var log = await store.Claim("g/1");
        for (var index = 1; index <= 2; index++)
        {
            await log.Durable(new LogWrite(null, new HardState(new Term(index), MemberId.None), [Entry(index, index, payloadBytes)]));
        }

        var beforeLast = new FileInfo(WalIn(_directory)).Length;
        await log.Durable(new LogWrite(null, new HardState(new Term(3), MemberId.None), [Entry(3, 3, payloadBytes)]));
        return (beforeLast, new FileInfo(WalIn(_directory)).Length);
    }

    private static async Task AssertHoldsFirstTwo(TemporaryDirectory directory, long damage)
    {
        await using var store = RocksDbLogStoreTests.At(directory.Path);
        await store.Open(CancellationToken.None);
        var log = await store.Claim("g/1");
        Assert.True(log.Restored.Last.Value == 2, $"Damage at {damage}: the last entry is {log.Restored.Last} instead of 2.");
        Assert.Equal(new Term(2), log.Restored.HardState.Term);
        AssertSame([Entry(1, 1), Entry(2, 2)], await log.ReadAll(1, 2));
        await log.Durable(Entries(3, 3, term: 4));
    }

    private static string WalIn(TemporaryDirectory directory) => Directory.EnumerateFiles(directory.Path).Where(WalFile.IsWal).Max(StringComparer.Ordinal)!;

    /// <summary>Small buffers that are flushed late, so that several log files are alive.</summary>
    private sealed class LateFlushDevice : RocksDbDevice
    {
        internal override DbOptions OptionsOf(RocksDbLogStoreOptions options) => base.OptionsOf(options)
            .SetWriteBufferSize(1024 * 1024)
            .SetMaxWriteBufferNumber(8)
            .SetMinWriteBufferNumberToMerge(6);
    }
}
