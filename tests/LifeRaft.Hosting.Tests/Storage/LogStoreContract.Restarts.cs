using LifeRaft.Protocol;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>What outlives the process, for stores that promise it.</summary>
public abstract partial class LogStoreContract
{
    [Fact]
    public async Task S62_A_graceful_stop_keeps_the_acknowledged_tail()
    {
        Needs(LogStoreCapabilities.SurvivesProcess);
        var written = await WriteOneNode();

        await Store.DisposeAsync();

        await AssertHolds(await Open(Create()), written);
    }

    [Fact]
    public async Task A_graceful_stop_writes_what_is_still_in_the_queue()
    {
        Needs(LogStoreCapabilities.SurvivesProcess);
        var log = await Store.Claim("g/1");
        var writes = Range(1, 300).Select(index => log.Durable(Entries(index, index))).ToArray();

        await Store.DisposeAsync();

        await Task.WhenAll(writes);
        Assert.Equal(new LogIndex(300), (await (await Open(Create())).Claim("g/1")).Restored.Last);
    }

    [Fact]
    public async Task A_crash_keeps_what_was_acknowledged()
    {
        Needs(LogStoreCapabilities.SurvivesProcess);
        var written = await WriteOneNode();

        await AssertHolds(await Open(CreateAfterCrash()), written);
    }

    [Fact]
    public async Task S3_Term_vote_and_entries_of_one_write_come_back_together_whenever_the_process_dies()
    {
        Needs(LogStoreCapabilities.SurvivesProcess);
        var log = await Store.Claim("g/1");
        var members = Range(1, 400).Select(_ => new MemberId(Guid.NewGuid())).ToArray();
        var writes = Range(1, 400)
            .Select(term => log.Durable(new LogWrite(null, new HardState(new Term(term), members[term - 1]), [Entry(term, term)])))
            .ToArray();
        await writes[50];

        var restored = (await (await Open(CreateAfterCrash())).Claim("g/1")).Restored;

        Assert.True(restored.Last.Value >= 51, $"51 writes were acknowledged, {restored.Last} are there.");
        Assert.Equal(new HardState(new Term(restored.Last.Value), members[restored.Last.Value - 1]), restored.HardState);
        await Task.WhenAll(writes);
    }

    [Fact]
    public async Task S58_Entries_of_any_size_come_back_after_a_crash()
    {
        Needs(LogStoreCapabilities.SurvivesProcess);
        const int Page = 32 * 1024;
        var log = await Store.Claim("g/1");
        var sizes = Range(-150, 150).Select(offset => Page + (int)offset).Concat([0, 1, 4095, 4096, 4097, 1_000_000]).ToArray();
        var entries = sizes.Select((size, i) => Entry(i + 1, payloadBytes: size)).ToArray();

        await Task.WhenAll(entries.Select(entry => log.Durable(Only(entry))));

        var reopened = await (await Open(CreateAfterCrash())).Claim("g/1");
        AssertSame(entries, await reopened.ReadAll(1, entries.Length));
    }

    [Fact]
    public async Task S61_A_deletion_survives_and_the_old_entries_never_appear()
    {
        Needs(LogStoreCapabilities.SurvivesProcess);
        var log = await Store.Claim("g/1");
        await log.Durable(new LogWrite(null, new HardState(new Term(1), MemberId.None), Entries(1, 50).Entries));
        await log.Delete(null, CancellationToken.None).Within();
        var again = await Store.Claim("g/1");
        await again.Durable(Entries(1, 3, term: 2));
        var other = await Store.Claim("g/2");
        await other.Durable(Entries(1, 3, term: 3));
        await other.Delete(null, CancellationToken.None).Within();

        var reopened = await Open(CreateAfterCrash());

        Assert.Equal(["g/1"], reopened.ListNodes());
        var restored = await reopened.Claim("g/1");
        Assert.Equal(default, restored.Restored.HardState);
        AssertSame(Entries(1, 3, term: 2).Entries, await restored.ReadAll(1, 3));
        Assert.Equal(LogIndex.Zero, (await reopened.Claim("g/2")).Restored.Last);
    }

    [Fact]
    public async Task Deleted_groups_are_remembered_after_a_crash()
    {
        Needs(LogStoreCapabilities.SurvivesProcess);
        var byNode = new GroupId(Guid.NewGuid());
        var byMark = new GroupId(Guid.NewGuid());
        await (await Store.Claim("g/1")).Delete(byNode, CancellationToken.None).Within();
        await Store.MarkDeleted(byMark, CancellationToken.None).Within();

        var reopened = await Open(CreateAfterCrash());

        Assert.True(reopened.IsDeleted(byNode));
        Assert.True(reopened.IsDeleted(byMark));
    }

    [Fact]
    public async Task The_start_count_rises_with_every_start()
    {
        Needs(LogStoreCapabilities.SurvivesProcess);
        Assert.Equal(1, Store.StartCount);

        await Store.DisposeAsync();

        Assert.Equal(2, (await Open(Create())).StartCount);
        Assert.Equal(3, (await Open(CreateAfterCrash())).StartCount);
    }

    [Fact]
    public async Task A_second_opener_is_refused_with_the_place_named()
    {
        Needs(LogStoreCapabilities.SurvivesProcess);
        var second = Create();

        var failure = await Assert.ThrowsAsync<LogStoreException>(() => second.Open(CancellationToken.None).Within());

        Assert.Contains(Store.Description, failure.Message, StringComparison.Ordinal);
        await second.DisposeAsync();
        await (await Store.Claim("g/1")).Durable(Entries(1, 1));
    }

    /// <summary>Two terms, a truncation, a configuration, identity, vote.</summary>
    private async Task<(NodeIdentity Identity, HardState HardState)> WriteOneNode()
    {
        var log = await Store.Claim("g/1");
        var identity = new NodeIdentity(new GroupId(Guid.NewGuid()), new MemberId(Guid.NewGuid()));
        var hardState = new HardState(new Term(2), identity.Member);
        await log.Durable(new LogWrite(identity, null, [Entry(1, kind: EntryKind.Configuration), Entry(2), Entry(3), Entry(4)]));
        await log.Durable(new LogWrite(null, hardState, [Entry(2, 2), Entry(3, 2)]));
        return (identity, hardState);
    }

    private static async Task AssertHolds(IRaftLogStore store, (NodeIdentity Identity, HardState HardState) written)
    {
        Assert.Equal(["g/1"], store.ListNodes());
        var log = await store.Claim("g/1");
        Assert.Equal(written.Identity, log.Restored.Identity);
        Assert.Equal(written.HardState, log.Restored.HardState);
        Assert.Equal(new LogIndex(3), log.Restored.Last);
        Assert.Equal([new TermStart(new LogIndex(1), new Term(1)), new TermStart(new LogIndex(2), new Term(2))], log.Restored.TermStarts);
        AssertSame([Entry(1, kind: EntryKind.Configuration)], log.Restored.Configurations);
        AssertSame([Entry(1, kind: EntryKind.Configuration), Entry(2, 2), Entry(3, 2)], await log.ReadAll(1, 3));
        await log.Durable(Entries(4, 4, term: 2));
        Assert.Single(await log.ReadAll(4, 4));
    }
}
