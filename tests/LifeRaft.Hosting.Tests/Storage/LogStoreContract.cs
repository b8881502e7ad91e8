using LifeRaft.Protocol;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>
/// What a log store must do. An adapter inherits it, says what it promises and makes stores; tests of what it does not promise
/// are skipped, visibly.
/// </summary>
public abstract partial class LogStoreContract : IAsyncLifetime
{
    private readonly List<IRaftLogStore> _opened = [];

    /// <summary>What the store promises; its own Capabilities must say the same.</summary>
    protected abstract LogStoreCapabilities Promised { get; }

    protected IRaftLogStore Store { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Store = await Open(Create());

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var store in _opened)
        {
            await store.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Makes a store that is not open. All of one test's stores lie in the same place.</summary>
    protected abstract IRaftLogStore Create();

    /// <summary>Makes a store on what a killed process would leave of the open one at this moment.</summary>
    protected virtual IRaftLogStore CreateAfterCrash() => throw new NotSupportedException("The store does not promise to survive its process.");

    protected async Task<IRaftLogStore> Open(IRaftLogStore store)
    {
        await store.Open(CancellationToken.None).Within();
        _opened.Add(store);
        return store;
    }

    protected void Needs(LogStoreCapabilities capability) =>
        Assert.SkipUnless(Promised.HasFlag(capability), $"This store does not promise {capability}.");

    [Fact]
    public void The_store_declares_what_it_promises() => Assert.Equal(Promised, Store.Capabilities);

    [Fact]
    public async Task An_unknown_node_is_blank_and_nothing_is_stored_for_it()
    {
        var log = await Store.Claim("g/1");

        Assert.True(log.Restored.Identity.IsBlank);
        Assert.Equal(default, log.Restored.HardState);
        Assert.Equal(LogIndex.Zero, log.Restored.Last);
        Assert.Empty(log.Restored.TermStarts);
        Assert.Empty(log.Restored.Configurations);
        Assert.Empty(Store.ListNodes());
    }

    [Fact]
    public async Task Entries_come_back_as_they_were_written()
    {
        var log = await Store.Claim("g/1");
        LogEntry[] entries = [Entry(1, kind: EntryKind.NoOp, payloadBytes: 0), Entry(2), Entry(3, payloadBytes: 100_000), Entry(4, term: 2)];

        await log.Durable(Only(entries[0], entries[1]));
        await log.Durable(Only(entries[2], entries[3]));

        AssertSame(entries, await log.ReadAll(1, 4));
        AssertSame(entries[1..3], await log.ReadAll(2, 3));
    }

    [Fact]
    public async Task A_read_stops_at_its_bound_in_bytes()
    {
        var log = await Store.Claim("g/1");
        await log.Durable(Entries(1, 10));
        var entryBytes = Entry(1).Encoded.Length;

        Assert.Equal(3, (await log.ReadAll(1, 10, maxBytes: (3 * entryBytes) + 1)).Length);
        Assert.Equal(3, (await log.ReadAll(1, 10, maxBytes: 3 * entryBytes)).Length);
        Assert.Equal(2, (await log.ReadAll(1, 10, maxBytes: (3 * entryBytes) - 1)).Length);
    }

    [Fact]
    public async Task A_read_returns_one_entry_even_if_it_is_larger_than_the_bound()
    {
        var log = await Store.Claim("g/1");
        await log.Durable(Entries(1, 3));

        AssertSame([Entry(2)], await log.ReadAll(2, 3, maxBytes: 1));
    }

    [Fact]
    public async Task A_read_beyond_the_last_entry_names_node_and_entry()
    {
        var log = await Store.Claim("g/1");
        await log.Durable(Entries(1, 3));

        var failure = await Assert.ThrowsAsync<LogStoreCorruptException>(() => log.ReadAll(2, 4));

        Assert.Contains("g/1", failure.Message, StringComparison.Ordinal);
        Assert.Contains("entry 4", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_overwrite_ends_everything_from_its_first_index_on()
    {
        var log = await Store.Claim("g/1");
        await log.Durable(Entries(1, 10, term: 1));

        await log.Durable(Entries(4, 6, term: 2));

        AssertSame([Entry(3, 1), Entry(4, 2), Entry(5, 2), Entry(6, 2)], await log.ReadAll(3, 6));
        await Assert.ThrowsAsync<LogStoreCorruptException>(() => log.ReadAll(6, 7));
        var restored = (await Store.Claim("g/1")).Restored;
        Assert.Equal(new LogIndex(6), restored.Last);
        Assert.Equal([new TermStart(new LogIndex(1), new Term(1)), new TermStart(new LogIndex(4), new Term(2))], restored.TermStarts);
    }

    [Fact]
    public async Task Term_starts_and_configurations_that_are_overwritten_are_gone()
    {
        var log = await Store.Claim("g/1");
        await log.Durable(Only(
            Entry(1, 1, kind: EntryKind.Configuration), Entry(2, 2), Entry(3, 2, kind: EntryKind.Configuration), Entry(4, 3), Entry(5, 3)));

        await log.Durable(Only(Entry(2, 4), Entry(3, 4)));
        await log.Durable(Only(Entry(4, 4, kind: EntryKind.Configuration)));

        var restored = (await Store.Claim("g/1")).Restored;
        Assert.Equal(new LogIndex(4), restored.Last);
        Assert.Equal([new TermStart(new LogIndex(1), new Term(1)), new TermStart(new LogIndex(2), new Term(4))], restored.TermStarts);
        AssertSame([Entry(1, 1, kind: EntryKind.Configuration), Entry(4, 4, kind: EntryKind.Configuration)], restored.Configurations);
    }

    [Fact]
    public async Task The_whole_log_can_be_overwritten()
    {
        var log = await Store.Claim("g/1");
        await log.Durable(Entries(1, 5, term: 1));

        await log.Durable(Entries(1, 1, term: 2));

        var restored = (await Store.Claim("g/1")).Restored;
        Assert.Equal(new LogIndex(1), restored.Last);
        Assert.Equal([new TermStart(new LogIndex(1), new Term(2))], restored.TermStarts);
    }

    [Fact]
    public async Task A_gap_is_refused_before_anything_is_queued()
    {
        var log = await Store.Claim("g/1");
        await log.Durable(Entries(1, 3));

        Assert.Throws<ArgumentException>(() => log.Write(Entries(5, 6), new Completion()));
        Assert.Throws<ArgumentException>(() => log.Write(Only(Entry(4), Entry(6)), new Completion()));

        await log.Durable(Entries(4, 4));
        Assert.Equal(new LogIndex(4), (await Store.Claim("g/1")).Restored.Last);
    }

    [Fact]
    public async Task A_write_leaves_what_it_does_not_name()
    {
        var log = await Store.Claim("g/1");
        var identity = new NodeIdentity(new GroupId(Guid.NewGuid()), new MemberId(Guid.NewGuid()));
        var hardState = new HardState(new Term(7), identity.Member);

        await log.Durable(new LogWrite(identity, null, []));
        await log.Durable(new LogWrite(null, hardState, []));
        await log.Durable(Entries(1, 2, term: 7));
        await log.Durable(new LogWrite(null, null, []));

        var restored = (await Store.Claim("g/1")).Restored;
        Assert.Equal(identity, restored.Identity);
        Assert.Equal(hardState, restored.HardState);
        Assert.Equal(new LogIndex(2), restored.Last);
    }

    [Fact]
    public async Task Writes_complete_in_the_order_in_which_they_were_handed_over()
    {
        var log = await Store.Claim("g/1");
        var order = new CompletionOrder();
        var writes = Range(1, 500).Select(index => Entries(index, index)).ToArray();

        foreach (var write in writes)
        {
            log.Write(write, order);
        }

        await log.Durable(new LogWrite(null, null, []));
        Assert.Equal(writes, order.Completed);
        AssertSame(writes.Select(write => write.Entries[0]), await log.ReadAll(1, 500));
    }

    [Fact]
    public async Task Many_nodes_write_at_once_and_each_keeps_its_own()
    {
        var logs = await Task.WhenAll(Range(1, 50).Select(node => Store.Claim($"g/{node}")));

        await Task.WhenAll(logs.SelectMany((log, node) => Range(1, 10).Select(index => log.Durable(Entries(index, index, term: node + 1)))));

        for (var node = 0; node < logs.Length; node++)
        {
            AssertSame(Entries(1, 10, term: node + 1).Entries, await logs[node].ReadAll(1, 10));
        }

        Assert.Equal(logs.Select(log => log.Node).Order(StringComparer.Ordinal), Store.ListNodes().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nodes_are_listed_by_what_their_names_begin_with()
    {
        string[] nodes = ["kv/a/1@s", "kv/a/2@s", "kv/a-b/1@s", "kv/a.b/1@s", "kv/b/1@s", "kv/a"];
        await Task.WhenAll(nodes.Select(async node => await (await Store.Claim(node)).Durable(Entries(1, 1))));
        Assert.Equal(nodes.Order(StringComparer.Ordinal), Store.ListNodes().Order(StringComparer.Ordinal));
        Assert.Equal(["kv/a/1@s", "kv/a/2@s"], Store.ListNodes("kv/a/").Order(StringComparer.Ordinal));
        Assert.Equal(["kv/b/1@s"], Store.ListNodes("kv/b/1@s"));
        Assert.Empty(Store.ListNodes("kv/c/"));
        await (await Store.Claim("kv/a/1@s")).Delete(null, CancellationToken.None).Within();
        Assert.Equal(["kv/a/2@s"], Store.ListNodes("kv/a/"));
    }

    [Fact]
    public async Task A_closed_store_refuses_everything_and_leaves_others_alone()
    {
        var other = await Open(CreateElsewhere());
        var log = await Store.Claim("g/1");
        var otherLog = await other.Claim("g/1");

        await Store.DisposeAsync();

        Assert.Throws<LogStoreStoppedException>(() => log.Write(Entries(1, 1), new Completion()));
        await Assert.ThrowsAsync<LogStoreStoppedException>(() => log.ReadAll(1, 1));
        await Assert.ThrowsAsync<LogStoreStoppedException>(() => Store.Claim("g/1"));
        Assert.False(Store.Stopped.IsCompleted);
        await otherLog.Durable(Entries(1, 1));
        Assert.Single(await otherLog.ReadAll(1, 1));
    }

    /// <summary>Makes a store that shares nothing with the test's others.</summary>
    protected abstract IRaftLogStore CreateElsewhere();
}
