using LifeRaft.Protocol;
using LifeRaft.Storage.RocksDb;
using RocksDbSharp;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.SnapshotTesting;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>Records that are damaged although RocksDB finds its own files in order: each is named, none is skipped.</summary>
public sealed class RocksDbCorruptionTests : IDisposable
{
    private const long Number = 1;
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    public static TheoryData<string, string> DamagesFoundAtTheClaim() => new()
    {
        { nameof(RecordKind.HardState), "term and vote" },
        { nameof(RecordKind.Identity), "the identity" },
        { nameof(RecordKind.LastIndex), "the index of the last entry" },
        { nameof(RecordKind.TermStart), "the start of a term at 1" },
        { nameof(RecordKind.Configuration), "the mark of the configuration at 1" },
        { nameof(RecordKind.Entry), "entry 1" },
        { nameof(RecordKind.Base), "the base of the log" },
        { nameof(RecordKind.Snapshot), "the header of the snapshot" },
    };

    [Theory]
    [MemberData(nameof(DamagesFoundAtTheClaim))]
    public async Task A_flipped_bit_in_a_record_is_named_at_the_claim(string kind, string record)
    {
        await WriteAndChange(database => Flip(database, Key(Enum.Parse<RecordKind>(kind))));

        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(() => ClaimAnew(_ => Task.CompletedTask));

        Assert.Contains("node g/1", failure.Message, StringComparison.Ordinal);
        Assert.Contains(record, failure.Message, StringComparison.Ordinal);
        Assert.Contains("checksum", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flipped_bit_in_an_entry_is_named_when_it_is_read()
    {
        await WriteAndChange(database => Flip(database, RecordKey.OfNode(RecordKind.Entry, Number, 5)));

        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(() => ClaimAnew(log => log.ReadAll(1, 10)));

        Assert.Contains("node g/1, entry 5", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_that_is_missing_in_the_middle_is_named_when_it_is_read()
    {
        await WriteAndChange(database => database.Remove(RecordKey.OfNode(RecordKind.Entry, Number, 5)));

        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(() => ClaimAnew(log => log.ReadAll(1, 10)));

        Assert.Contains("node g/1, entry 5 is damaged: it is missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entry_under_the_key_of_another_is_named()
    {
        await WriteAndChange(database => database.Put(
            RecordKey.OfNode(RecordKind.Entry, Number, 5), database.Get(RecordKey.OfNode(RecordKind.Entry, Number, 6))));

        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(() => ClaimAnew(log => log.ReadAll(5, 5)));

        Assert.Contains("entry 5", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(RecordKind.LastIndex), 0, "lies outside of the log")]
    [InlineData(nameof(RecordKind.TermStart), 1, "the start of a term at 1 is damaged: it is missing")]
    [InlineData(nameof(RecordKind.Entry), 10, "entry 10 is damaged: it is missing")]
    [InlineData(nameof(RecordKind.Entry), 1, "entry 1 is damaged: it is missing")]
    public async Task A_record_that_is_missing_is_named_at_the_claim(string kind, long index, string reason)
    {
        await WriteAndChange(database => database.Remove(RecordKey.OfNode(Enum.Parse<RecordKind>(kind), Number, index)));

        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(() => ClaimAnew(_ => Task.CompletedTask));

        Assert.Contains(reason, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_base_that_is_missing_is_named_at_the_claim()
    {
        await using (var store = await OpenAnew())
        {
            var log = await store.Claim("g/1");
            await log.Durable(Entries(1, 10));
            await log.Durable(InForce(await log.Taken(5), start: 5));
        }

        ChangeFiles(database => database.Remove(Key(RecordKind.Base)));
        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(() => ClaimAnew(_ => Task.CompletedTask));
        Assert.Contains("node g/1, the start of a term at 1 is damaged: it is missing", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Damage_of_one_node_leaves_the_others_alone()
    {
        await WriteAndChange(database => Flip(database, Key(RecordKind.HardState)));
        await using var store = await OpenAnew();

        await (await store.Claim("g/2")).Durable(Entries(1, 1));
    }

    [Fact]
    public async Task S64_A_read_error_of_the_device_is_an_error_and_never_a_shorter_log()
    {
        await using (var store = await OpenAnew())
        {
            await (await store.Claim("g/1")).Durable(Only([.. Range(1, 20).Select(index => Entry(index, payloadBytes: 10_000))]));
        }

        ChangeFiles(database => database.Flush(new FlushOptions()));
        foreach (var file in Directory.EnumerateFiles(_directory.Path, "*.sst").Where(file => new FileInfo(file).Length > 100_000))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            bytes[bytes.Length / 2] ^= 1;
            await File.WriteAllBytesAsync(file, bytes);
        }

        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(() => ClaimAnew(log => log.ReadAll(1, 20)));
        Assert.Contains("node g/1, entry ", failure.Message, StringComparison.Ordinal);
        Assert.Contains("block checksum mismatch", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_file_that_is_unreadable_keeps_the_store_from_opening()
    {
        await WriteAndChange(database => database.Flush(new FlushOptions()));
        foreach (var file in Directory.EnumerateFiles(_directory.Path, "*.sst"))
        {
            var bytes = await File.ReadAllBytesAsync(file);
            bytes.AsSpan(bytes.Length / 4).Reverse();
            await File.WriteAllBytesAsync(file, bytes);
        }

        await Assert.ThrowsAsync<LogStoreCorruptException>(OpenAnew);
    }

    [Fact]
    public async Task A_table_file_that_is_missing_keeps_the_store_from_opening()
    {
        await WriteAndChange(database => database.Flush(new FlushOptions()));
        File.Delete(Directory.EnumerateFiles(_directory.Path, "*.sst").First());

        await Assert.ThrowsAnyAsync<LogStoreException>(OpenAnew);
    }

    [Fact]
    public async Task A_directory_that_lost_its_head_is_not_taken_for_an_empty_one()
    {
        await WriteAndChange(database => database.Flush(new FlushOptions()));
        File.Delete(Path.Combine(_directory.Path, "CURRENT"));

        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(OpenAnew);

        Assert.Contains("CURRENT is missing", failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Key(RecordKind kind) => RecordKey.OfNode(
        kind, Number, kind is RecordKind.TermStart or RecordKind.Configuration or RecordKind.Entry ? 1 : 0);

    private static void Flip(RocksDb database, byte[] key)
    {
        var value = database.Get(key);
        value[0] ^= 0x40;
        database.Put(key, value);
    }

    /// <summary>One node with identity, vote and ten entries; then a change behind the store's back.</summary>
    private async Task WriteAndChange(Action<RocksDb> change)
    {
        await using (var store = await OpenAnew())
        {
            var log = await store.Claim("g/1");
            var identity = new NodeIdentity(new GroupId(Guid.NewGuid()), new MemberId(Guid.NewGuid()));
            await log.Durable(new LogWrite(
                identity, new HardState(new Term(1), identity.Member), [Entry(1, kind: EntryKind.Configuration), .. Entries(2, 10).Entries]));
            await log.Durable(InForce(await log.Taken(5), start: 0, startTerm: 0));
        }

        ChangeFiles(change);
    }

    private void ChangeFiles(Action<RocksDb> change)
    {
        using var database = RocksDb.Open(new DbOptions(), _directory.Path);
        change(database);
    }

    private async Task<RocksDbLogStore> OpenAnew()
    {
        var store = RocksDbLogStoreTests.At(_directory.Path);
        try
        {
            await store.Open(CancellationToken.None).Within();
            return store;
        }
        catch
        {
            await store.DisposeAsync();
            throw;
        }
    }

    private async Task ClaimAnew(Func<INodeLog, Task> use)
    {
        await using var store = await OpenAnew();
        await use(await store.Claim("g/1"));
    }
}
