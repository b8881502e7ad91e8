using System.Text;
using Xunit;

namespace LifeRaft.Tests.KeyValue;

public sealed class KeyValueWatchTests
{
    private readonly LocalMachine _group;
    private readonly KeyValueStore _store;

    public KeyValueWatchTests()
    {
        _group = new LocalMachine(new KeyValueMachine());
        _store = new KeyValueStore(_group);
    }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_sees_what_has_happened_and_then_what_happens()
    {
        await _store.Put("a", Bytes("one"));
        await _store.Put("b", Bytes("other"));
        await using var events = _store.Watch(KeyValueRange.Key("a"), 1, Cancelled).GetAsyncEnumerator(Cancelled);
        await Next(events, "Put a=one v1 r1 at 1 !");
        var waiting = events.MoveNextAsync().AsTask();
        await _store.Put("c", Bytes("other"));
        Assert.False(waiting.IsCompleted);
        await _store.Put("a", Bytes("two"));
        Assert.True(await waiting);
        Assert.Equal("Put a=two v2 r4 at 4 !", Text(events.Current));
        await _store.Delete("a");
        await Next(events, "Delete a=two v2 r4 at 5 !");
    }

    [Fact]
    public async Task A_watch_without_a_revision_begins_with_its_first_step()
    {
        await _store.Put("a", Bytes("before"));
        await using var events = _store.Watch(KeyValueRange.All, cancellationToken: Cancelled).GetAsyncEnumerator(Cancelled);
        var first = events.MoveNextAsync().AsTask();
        await _store.Put("a", Bytes("after"));
        Assert.True(await first);
        Assert.Equal("Put a=after v2 r2 at 2 !", Text(events.Current));
    }

    [Fact]
    public async Task The_changes_of_one_transaction_have_one_revision_and_the_last_says_so()
    {
        await _store.Put("x", Bytes("x"));
        await _store.Transact([], [KeyValueOperation.Put("a", Bytes("1")), KeyValueOperation.Delete("x"), KeyValueOperation.Put("b", Bytes("2"))]);
        Assert.Equal(
            ["Put x=x v1 r1 at 1 !", "Put a=1 v1 r2 at 2", "Delete x=x v1 r1 at 2", "Put b=2 v1 r2 at 2 !"],
            await Take(_store.Watch(KeyValueRange.All, 1, Cancelled), 4));
        Assert.Equal(["Put a=1 v1 r2 at 2 !"], await Take(_store.Watch(KeyValueRange.Prefix("a"), 2, Cancelled), 1));
    }

    [Fact]
    public async Task The_end_of_a_lease_is_seen_as_the_deletion_of_its_keys_in_order()
    {
        var lease = await _store.GrantLease(TimeSpan.FromSeconds(1), Cancelled);
        foreach (var key in new[] { "c", "a", "b" })
        {
            await _store.Put(key, Bytes(key), lease, Cancelled);
        }

        await lease.Revoke(Cancelled);
        Assert.Equal(
            ["Delete a=a v1 r3 at 5", "Delete b=b v1 r4 at 5", "Delete c=c v1 r2 at 5 !"],
            await Take(_store.Watch(KeyValueRange.All, 5, Cancelled), 3));
    }

    [Fact]
    public async Task A_list_and_a_watch_from_its_first_pages_revision_on_leave_nothing_out()
    {
        for (var i = 0; i < 10; i++)
        {
            await _store.Put($"k{i}", new byte[100 * 1024]);
        }

        var first = await _store.Range(KeyValueRange.Prefix("k"), cancellationToken: Cancelled);
        Assert.True(first.HasMore);
        Assert.Equal(10, first.Revision);
        await _store.Put("k9", Bytes("new"));
        await _store.Delete("k0");
        Assert.Equal(["Put k9=new v2 r11 at 11 !", "Delete k0"], (await Take(_store.Watch(KeyValueRange.All, first.Revision + 1, Cancelled), 2)).Select(text => text.StartsWith("Delete", StringComparison.Ordinal) ? text[..9] : text));
    }

    [Fact]
    public async Task A_long_history_comes_in_bounded_answers_and_whole()
    {
        for (var i = 0; i < 50; i++)
        {
            await _store.Put("a", new byte[100 * 1024]);
        }

        var answers = 0;
        var next = 1L;
        while (((IWaitingStateMachine)_group.Machine).TryAnswer(KeyValueQuery.Watch(KeyValueRange.All, next).Encode(), out var bytes))
        {
            var answer = KeyValueEvents.Decode(bytes);
            Assert.Equal(Enumerable.Range((int)next, answer.Changes.Count).Select(i => (long)i), answer.Changes.Select(change => change.Revision));
            Assert.InRange(bytes.Length, 1, 400 * 1024);
            next = answer.Revision;
            answers++;
        }

        Assert.Equal((51, 17), (next, answers));
    }

    [Fact]
    public async Task What_is_not_remembered_any_more_is_an_error_that_says_so()
    {
        for (var i = 1; i <= 10_005; i++)
        {
            await _store.Put($"k{i % 7}", Bytes("x"));
        }

        await using var events = _store.Watch(KeyValueRange.All, 5, Cancelled).GetAsyncEnumerator(Cancelled);
        var failure = await Assert.ThrowsAsync<KeyValueCompactedException>(async () => await events.MoveNextAsync());
        Assert.Equal(6, failure.OldestRevision);
        Assert.Equal("The changes from revision 5 on are compacted: the group remembers those from revision 6 on. Read the keys anew, and watch from the revision of that + 1.", failure.Message);
        Assert.Equal(10_000, (await Take(_store.Watch(KeyValueRange.All, 6, Cancelled), 10_000)).Count);
    }

    [Fact]
    public async Task Eight_mebibytes_of_changes_are_remembered_and_the_newest_however_large_it_is()
    {
        for (var i = 0; i < 9; i++)
        {
            await _store.Put("a", new byte[1024 * 1024]);
        }

        await Assert.ThrowsAsync<KeyValueCompactedException>(() => Take(_store.Watch(KeyValueRange.All, 2, Cancelled), 1));
        Assert.Equal(7, (await Take(_store.Watch(KeyValueRange.All, 3, Cancelled), 7)).Count);
        var large = new byte[4 * 1024 * 1024];
        await _store.Transact([], [KeyValueOperation.Put("b", large), KeyValueOperation.Put("c", large), KeyValueOperation.Put("d", large)]);
        await Assert.ThrowsAsync<KeyValueCompactedException>(() => Take(_store.Watch(KeyValueRange.All, 9, Cancelled), 1));
        Assert.Equal(3, (await Take(_store.Watch(KeyValueRange.All, 10, Cancelled), 3)).Count);
    }

    [Fact]
    public async Task A_revision_is_in_one_answer_also_where_it_is_larger_than_one()
    {
        var large = new byte[200 * 1024];
        KeyValueOperation[] three = [KeyValueOperation.Put("a", large), KeyValueOperation.Put("b", large), KeyValueOperation.Put("c", large)];
        await _store.Transact([], three);
        await _store.Transact([], three);
        Assert.True(((IWaitingStateMachine)_group.Machine).TryAnswer(KeyValueQuery.Watch(KeyValueRange.All, 1).Encode(), out var bytes));
        var answer = KeyValueEvents.Decode(bytes);
        Assert.Equal([1L, 1L, 1L], answer.Changes.Select(change => change.Revision));
        Assert.Equal(2, answer.Revision);
    }

    [Fact]
    public async Task Who_watches_keys_that_nobody_changes_is_not_left_behind()
    {
        var watching = Take(_store.Watch(KeyValueRange.Key("quiet"), 1, Cancelled), 1);
        for (var i = 0; i < 25_000; i++)
        {
            await _store.Put($"k{i % 7}", Bytes("x"));
            if (i % 500 == 0)
            {
                await Task.Yield(); // The watcher's turn, as after a batch.
            }
        }

        await _store.Put("quiet", Bytes("x"));
        Assert.Equal(["Put quiet=x v1 r25001 at 25001 !"], await watching);
    }

    [Fact]
    public void A_watch_refuses_what_cannot_be()
    {
        Assert.Throws<ArgumentNullException>(() => _store.Watch(null!, 1, Cancelled));
        var failure = Assert.Throws<InvalidRequestException>(() => _store.Watch(KeyValueRange.All, 0, Cancelled));
        Assert.Equal("A watch begins at revision 1 or later, not at 0. Leave it out for what happens from now on.", failure.Message);
    }

    [Fact]
    public async Task A_watch_of_another_machine_is_named_as_such()
    {
        var store = new KeyValueStore(new LocalMachine(new MuteMachine()));
        var failure = await Assert.ThrowsAsync<FormatException>(() => Take(store.Watch(KeyValueRange.All, 1, Cancelled), 1));
        Assert.EndsWith("Does the group replicate one?", failure.Message, StringComparison.Ordinal);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static string Text(KeyValueEvent seen) =>
        $"{seen.Kind} {seen.Entry.Key}={Encoding.UTF8.GetString(seen.Entry.Value.Span)} v{seen.Entry.Version} r{seen.Entry.Revision} at {seen.Revision}{(seen.IsLastOfRevision ? " !" : "")}";

    private static async Task Next(IAsyncEnumerator<KeyValueEvent> events, string expected)
    {
        Assert.True(await events.MoveNextAsync());
        Assert.Equal(expected, Text(events.Current));
    }

    private static async Task<List<string>> Take(IAsyncEnumerable<KeyValueEvent> events, int count)
    {
        var texts = new List<string>();
        await foreach (var seen in events)
        {
            texts.Add(Text(seen));
            if (texts.Count == count)
            {
                break;
            }
        }

        return texts;
    }

    private sealed class MuteMachine : IWaitingStateMachine
    {
        public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command) => default;

        public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query) => default;

        public bool TryAnswer(ReadOnlyMemory<byte> query, out ReadOnlyMemory<byte> answer)
        {
            answer = default;
            return true;
        }

        public Action<Stream> CaptureSnapshot() => static _ => { };

        public void ReadSnapshot(Stream source)
        {
        }
    }
}
