using LifeRaft.Protocol;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.SnapshotTesting;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>Snapshots: contents, coming into force, and the log behind them.</summary>
public abstract partial class LogStoreContract
{
    [Fact]
    public async Task A_snapshot_is_in_force_only_once_a_write_names_it()
    {
        var log = await NodeWithEntries(1, 10);
        var header = await log.Taken(8);
        Assert.Null((await Store.Claim("g/1")).Restored.Snapshot);

        var next = await Store.Claim("g/1");
        header = await next.Taken(8);
        await next.Durable(InForce(header, start: 5));
        var restored = (await Store.Claim("g/1")).Restored;
        AssertSame(header, restored.Snapshot);
        Assert.Equal((5L, 1L, 10L), (restored.Base.Index.Value, restored.Base.Term.Value, restored.Last.Value));
    }

    [Fact]
    public async Task Entries_up_to_the_base_are_gone_and_the_others_stay()
    {
        var log = await NodeWithEntries(1, 10);
        await log.Durable(InForce(await log.Taken(8), start: 5));
        AssertSame(Range(6, 10).Select(index => Entry(index)), await log.ReadAll(6, 10));
        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(() => log.ReadAll(5, 6));
        Assert.Contains("entry 5", failure.Message, StringComparison.Ordinal);
        await log.Durable(Entries(11, 12));
        AssertSame(Range(6, 12).Select(index => Entry(index)), await log.ReadAll(6, 12));
    }

    [Fact]
    public async Task S34_terms_and_configurations_up_to_the_base_are_gone_and_its_own_term_is_remembered()
    {
        var log = await Store.Claim("g/1");
        await log.Durable(Only(
            Entry(1, kind: EntryKind.Configuration), Entry(2), Entry(3, term: 2), Entry(4, term: 2, kind: EntryKind.Configuration),
            Entry(5, term: 2), Entry(6, term: 4, kind: EntryKind.Configuration), Entry(7, term: 4)));
        await log.Durable(InForce(await log.Taken(6, term: 4), start: 4, startTerm: 2));
        var restored = (await Store.Claim("g/1")).Restored;
        Assert.Equal([new TermStart(new LogIndex(6), new Term(4))], restored.TermStarts);
        Assert.Equal([6L], restored.Configurations.Select(entry => entry.Index.Value));
        Assert.Equal(new LogPosition(new LogIndex(4), new Term(2)), restored.Base);
    }

    [Fact]
    public async Task The_tail_after_the_base_can_be_replaced()
    {
        var log = await NodeWithEntries(1, 10);
        await log.Durable(InForce(await log.Taken(6), start: 6));
        await log.Durable(Entries(7, 8, term: 3));
        var restored = (await Store.Claim("g/1")).Restored;
        Assert.Equal(8, restored.Last.Value);
        Assert.Equal([new TermStart(new LogIndex(7), new Term(3))], restored.TermStarts);
    }

    [Fact]
    public async Task The_whole_log_can_be_compacted_away()
    {
        var log = await NodeWithEntries(1, 10);
        await log.Durable(InForce(await log.Taken(10), start: 10));
        var again = await Store.Claim("g/1");
        Assert.Equal((10L, 10L), (again.Restored.Base.Index.Value, again.Restored.Last.Value));
        await again.Durable(Entries(11, 11));
        AssertSame([Entry(11)], await again.ReadAll(11, 11));
    }

    [Fact]
    public async Task S31_a_snapshot_that_replaces_the_log_leaves_none_of_it()
    {
        var log = await NodeWithEntries(1, 10);
        await log.Receive(Header(20, 30, term: 5), Content(30));
        await log.Durable(InForce(Header(20, 30, term: 5), start: 20, startTerm: 5, replaces: true) with { Entries = [Entry(21, term: 5)] });
        var again = await Store.Claim("g/1");
        Assert.Equal((20L, 21L), (again.Restored.Base.Index.Value, again.Restored.Last.Value));
        Assert.Empty(again.Restored.TermStarts);
        AssertSame([Entry(21, term: 5)], await again.ReadAll(21, 21));
        await Assert.ThrowsAsync<LogStoreCorruptException>(() => again.ReadAll(9, 9));
    }

    [Fact]
    public async Task S31_a_snapshot_below_the_end_of_the_log_that_replaces_it_leaves_none_of_it_either()
    {
        var log = await NodeWithEntries(1, 10);
        await log.Receive(Header(4, 30, term: 3), Content(30));
        await log.Durable(InForce(Header(4, 30, term: 3), start: 4, startTerm: 3, replaces: true));
        var again = await Store.Claim("g/1");
        Assert.Equal((4L, 4L), (again.Restored.Base.Index.Value, again.Restored.Last.Value));
        await again.Durable(Entries(5, 6, term: 3));
        Assert.Equal(6, (await Store.Claim("g/1")).Restored.Last.Value);
    }

    [Fact]
    public async Task What_was_written_is_read_whole_and_in_parts()
    {
        var log = await NodeWithEntries(1, 3);
        var header = await log.Taken(3, bytes: 100_000);
        await log.Durable(InForce(header, start: 2));
        Assert.Equal(Content(100_000), await log.Read(header));
        Assert.Equal(Content(100_000)[70_000..90_000], (await log.ReadSnapshotPart(header, 70_000, 20_000, CancellationToken.None).Within()).ToArray());
        Assert.Equal(Content(100_000)[99_990..], (await log.ReadSnapshotPart(header, 99_990, 20_000, CancellationToken.None).Within()).ToArray());
        Assert.Empty((await log.ReadSnapshotPart(header, 100_000, 10, CancellationToken.None).Within()).ToArray());
    }

    [Fact]
    public async Task Who_writes_a_snapshot_may_fail_without_harm()
    {
        var log = await NodeWithEntries(1, 3);
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => log.WriteSnapshot(
            Position(3), static stream =>
            {
                stream.WriteByte(1);
                throw new InvalidDataException("no good");
            },
            CancellationToken.None).Within());
        Assert.Contains("no good", failure.Message, StringComparison.Ordinal);
        Assert.False(Store.Stopped.IsCompleted);
        var header = await log.Taken(3);
        await log.Durable(InForce(header, start: 3));
        Assert.Equal(Content(10), await log.Read(header));
    }

    [Fact]
    public async Task Who_reads_a_snapshot_may_fail_without_harm()
    {
        var log = await NodeWithEntries(1, 3);
        var header = await log.Taken(3);
        var failure = await Assert.ThrowsAnyAsync<Exception>(() => log.ReadSnapshot(header, static _ => throw new InvalidDataException("no good"), CancellationToken.None).Within());
        Assert.Contains("no good", failure.Message, StringComparison.Ordinal);
        Assert.False(Store.Stopped.IsCompleted);
        Assert.Equal(Content(10), await log.Read(header));
    }

    [Fact]
    public async Task Parts_that_were_received_are_the_content()
    {
        var log = await NodeWithEntries(1, 3);
        var header = Header(9, 100);
        await log.Receive(header, Content(100), partBytes: 33);
        Assert.Equal(Content(100), await log.Read(header));
    }

    [Fact]
    public async Task Offset_zero_begins_anew_also_with_another_snapshot()
    {
        var log = await NodeWithEntries(1, 3);
        await log.Part(Header(9, 100), 0, Content(100)[..40]);
        await log.Part(Header(9, 100), 0, Content(100)[..50]);
        var other = Header(12, 60);
        await log.Part(other, 0, Content(60)[..50]);
        await log.Part(other, 50, Content(60)[50..]);
        Assert.Equal(Content(60), await log.Read(other));
    }

    [Fact]
    public async Task A_received_snapshot_that_is_not_what_its_header_says_is_refused_and_dropped()
    {
        var log = await NodeWithEntries(1, 3);
        var header = Header(9, 100);
        var damaged = Content(100);
        damaged[50]++;
        await Assert.ThrowsAsync<SnapshotDamagedException>(() => log.Receive(header, damaged));
        Assert.False(Store.Stopped.IsCompleted);
        await log.Receive(header, Content(100));
        Assert.Equal(Content(100), await log.Read(header));
    }

    [Fact]
    public async Task A_part_that_leaves_a_gap_is_refused_and_offset_zero_begins_anew()
    {
        var log = await NodeWithEntries(1, 3);
        var header = Header(9, 100);
        await log.Part(header, 0, Content(100)[..40]);
        await Assert.ThrowsAsync<LogStoreException>(() => log.Part(header, 50, Content(100)[50..]));
        Assert.False(Store.Stopped.IsCompleted);
        await log.Receive(header, Content(100), partBytes: 60);
        Assert.Equal(Content(100), await log.Read(header));
    }

    [Fact]
    public async Task An_older_claim_writes_no_snapshot_and_leaves_those_of_the_newer_one_alone()
    {
        var older = await NodeWithEntries(1, 10);
        await older.Part(Header(20, 100), 0, Content(100)[..40]);
        var newer = await Store.Claim("g/1");
        await newer.Part(Header(20, 100), 0, Content(100)[..30]);
        await Assert.ThrowsAsync<ClaimLostException>(() => older.Part(Header(20, 100), 0, Content(100)[..10]));
        await Assert.ThrowsAsync<ClaimLostException>(() => older.Part(Header(20, 100), 40, Content(100)[40..]));
        await Assert.ThrowsAsync<ClaimLostException>(() => older.Taken(8));
        await newer.Part(Header(20, 100), 30, Content(100)[30..]);
        Assert.Equal(Content(100), await newer.Read(Header(20, 100)));
        Assert.False(Store.Stopped.IsCompleted);
    }

    [Theory]
    [InlineData(8, 9, false)] // Beyond the snapshot.
    [InlineData(8, 3, false)] // Before the base: those entries are gone.
    [InlineData(12, 8, false)] // The log ends before the snapshot.
    [InlineData(12, 8, true)]
    public async Task A_base_that_cannot_be_is_refused_and_nothing_is_written(long index, long start, bool replaces)
    {
        var log = await NodeWithEntries(1, 10);
        await log.Durable(InForce(await log.Taken(6), start: 5));
        Assert.Throws<ArgumentException>(() => log.Write(InForce(Header(index, 10), start, replaces: replaces), new Completion()));
        await log.Durable(Entries(11, 12));
        var restored = (await Store.Claim("g/1")).Restored;
        Assert.Equal((6L, 5L, 12L), (restored.Snapshot!.Index.Value, restored.Base.Index.Value, restored.Last.Value));
    }

    [Fact]
    public async Task Entries_that_were_compacted_away_cannot_be_written_again_and_none_be_left_out()
    {
        var log = await NodeWithEntries(1, 10);
        await log.Durable(InForce(await log.Taken(6), start: 5));
        Assert.Throws<ArgumentException>(() => log.Write(Entries(5, 7), new Completion()));
        Assert.Throws<ArgumentException>(() => log.Write(Entries(12, 12), new Completion()));
        await log.Receive(Header(20, 30), Content(30));
        var install = InForce(Header(20, 30), start: 20, replaces: true);
        Assert.Throws<ArgumentException>(() => log.Write(install with { Entries = [Entry(22)] }, new Completion()));
        Assert.Throws<ArgumentException>(() => log.Write(install with { Entries = [Entry(11)] }, new Completion()));
        await log.Durable(install with { Entries = [Entry(21)] });
        Assert.Equal(21, (await Store.Claim("g/1")).Restored.Last.Value);
    }

    [Fact]
    public async Task An_empty_snapshot_is_a_snapshot()
    {
        var log = await NodeWithEntries(1, 3);
        var header = Header(9, 0);
        await log.Receive(header, []);
        await log.Durable(InForce(header, start: 9, replaces: true));
        Assert.Empty(await log.Read((await Store.Claim("g/1")).Restored.Snapshot!));
    }

    [Fact]
    public async Task The_snapshot_before_is_gone_and_says_so()
    {
        var log = await NodeWithEntries(1, 10);
        var first = await log.Taken(3);
        await log.Durable(InForce(first, start: 3));
        await log.Durable(InForce(await log.Taken(7), start: 5));
        await Eventually<SnapshotGoneException>(() => log.ReadSnapshotPart(first, 0, 10, CancellationToken.None));
    }

    [Fact]
    public async Task S39_a_newer_snapshot_that_is_complete_outlives_an_older_one_that_comes_into_force()
    {
        var log = await NodeWithEntries(1, 10);
        await log.Receive(Header(20, 30), Content(30));
        await log.Durable(InForce(await log.Taken(8), start: 8));
        Assert.Equal(Content(30), await log.Read(Header(20, 30)));
        await log.Durable(InForce(Header(20, 30), start: 20, replaces: true));
        var again = await Store.Claim("g/1");
        Assert.Equal(Content(30), await again.Read(again.Restored.Snapshot!));
    }

    [Fact]
    public async Task A_deleted_node_leaves_no_snapshot_to_the_next_of_its_name()
    {
        var log = await NodeWithEntries(1, 10);
        await log.Durable(InForce(await log.Taken(8), start: 8));
        await log.Delete(null, CancellationToken.None).Within();
        var next = await Store.Claim("g/1");
        Assert.Null(next.Restored.Snapshot);
        Assert.Equal(LogPosition.Zero, next.Restored.Base);
        await next.Durable(Entries(1, 2));
        Assert.Equal(2, (await Store.Claim("g/1")).Restored.Last.Value);
    }

    [Fact]
    public async Task S35_snapshot_and_tail_are_there_after_a_restart()
    {
        Needs(LogStoreCapabilities.SurvivesProcess);
        var log = await NodeWithEntries(1, 10);
        var header = await log.Taken(8, bytes: 100_000);
        await log.Durable(InForce(header, start: 5));
        await log.Durable(Entries(11, 12));
        var store = await Open(CreateAfterCrash());
        var restored = await store.Claim("g/1");
        AssertSame(header, restored.Restored.Snapshot);
        Assert.Equal(Content(100_000), await restored.Read(header));
        AssertSame(Range(6, 12).Select(index => Entry(index)), await restored.ReadAll(6, 12));
    }

    [Fact]
    public async Task S35_a_snapshot_that_was_complete_and_not_in_force_is_nothing_after_a_restart()
    {
        Needs(LogStoreCapabilities.SurvivesProcess);
        var log = await NodeWithEntries(1, 10);
        await log.Taken(8);
        await log.Part(Header(20, 100), 0, Content(100)[..40]);
        var store = await Open(CreateAfterCrash());
        var restored = await store.Claim("g/1");
        Assert.Null(restored.Restored.Snapshot);
        AssertSame(Range(1, 10).Select(index => Entry(index)), await restored.ReadAll(1, 10));
    }

    private async Task<INodeLog> NodeWithEntries(long first, long last)
    {
        var log = await Store.Claim("g/1");
        await log.Durable(Entries(first, last));
        return log;
    }
}
