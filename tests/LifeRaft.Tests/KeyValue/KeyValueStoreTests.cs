using System.Text;
using Xunit;

namespace LifeRaft.Tests.KeyValue;

public sealed class KeyValueStoreTests
{
    private readonly LocalMachine _group;
    private readonly KeyValueStore _store;

    public KeyValueStoreTests()
    {
        _group = new LocalMachine(new KeyValueMachine());
        _store = new KeyValueStore(_group);
    }

    [Fact]
    public async Task What_is_put_is_got_with_its_version()
    {
        Assert.Null(await _store.Get("a"));
        Assert.Equal(1, await _store.Put("a", Bytes("one")));
        Assert.Equal(Entry("a", "one", 1, 1), await _store.Get("a"));
        Assert.Equal(2, await _store.Put("a", Bytes("two")));
        Assert.Equal(Entry("a", "two", 2, 2), await _store.Get("a"));
    }

    [Fact]
    public async Task Keys_have_versions_of_their_own()
    {
        await _store.Put("a", Bytes("1"));
        await _store.Put("a", Bytes("2"));
        Assert.Equal(1, await _store.Put("b", Bytes("1")));
        Assert.Equal(1, await _store.Put("A", Bytes("1")));
    }

    [Fact]
    public async Task A_delete_returns_what_was_there_and_the_next_version_is_1()
    {
        await _store.Put("a", Bytes("one"));
        await _store.Put("a", Bytes("two"));
        Assert.Equal(Entry("a", "two", 2, 2), await _store.Delete("a"));
        Assert.Null(await _store.Get("a"));
        Assert.Null(await _store.Delete("a"));
        Assert.Equal(1, await _store.Put("a", Bytes("three")));
    }

    [Fact]
    public async Task A_compare_and_swap_with_0_writes_only_an_absent_key()
    {
        Assert.Equal((true, Entry("a", "one", 1, 1)), await _store.CompareAndSwap("a", 0, Bytes("one")));
        Assert.Equal((false, Entry("a", "one", 1, 1)), await _store.CompareAndSwap("a", 0, Bytes("two")));
        Assert.Equal(Entry("a", "one", 1, 1), await _store.Get("a"));
    }

    [Fact]
    public async Task A_compare_and_swap_writes_only_over_the_expected_version()
    {
        await _store.Put("a", Bytes("one"));
        Assert.Equal((true, Entry("a", "two", 2, 2)), await _store.CompareAndSwap("a", 1, Bytes("two")));
        Assert.Equal((false, Entry("a", "two", 2, 2)), await _store.CompareAndSwap("a", 1, Bytes("three")));
        Assert.Equal((false, Entry("a", "two", 2, 2)), await _store.CompareAndSwap("a", 3, Bytes("three")));
        Assert.Equal((false, null), await _store.CompareAndSwap("b", 1, Bytes("one")));
        Assert.Null(await _store.Get("b"));
    }

    [Fact]
    public async Task Every_applied_command_is_counted_and_queries_are_not()
    {
        Assert.Equal(0, await _store.CountApplied());
        await _store.Put("a", Bytes("one"));
        await _store.CompareAndSwap("a", 7, Bytes("two"));
        await _store.Delete("b");
        await _store.Delete("a");
        await _store.Get("a");
        Assert.Equal(4, await _store.CountApplied());
    }

    [Fact]
    public async Task Empty_values_are_values()
    {
        await _store.Put("a", ReadOnlyMemory<byte>.Empty);
        Assert.Equal(Entry("a", "", 1, 1), await _store.Get("a"));
        Assert.Equal((true, Entry("a", "", 2, 2)), await _store.CompareAndSwap("a", 1, ReadOnlyMemory<byte>.Empty));
        Assert.Equal(Entry("a", "", 2, 2), await _store.Delete("a"));
    }

    [Fact]
    public async Task A_list_has_the_keys_with_the_prefix_in_ordinal_order()
    {
        foreach (var key in new[] { "b", "a/2", "a", "a/10", "B", "a0", "\u00e4", "a/" })
        {
            await _store.Put(key, Bytes(key));
        }

        Assert.Equal(["B", "a", "a/", "a/10", "a/2", "a0", "b", "\u00e4"], await Keys(_store.List()));
        Assert.Equal(["a/", "a/10", "a/2"], await Keys(_store.List("a/")));
        Assert.Equal(["b"], await Keys(_store.List("b")));
        Assert.Empty(await Keys(_store.List("c")));
        Assert.Empty(await Keys(_store.List("\u00f6")));
    }

    [Fact]
    public async Task A_list_of_an_empty_store_is_empty() => Assert.Empty(await Keys(_store.List()));

    [Fact]
    public async Task A_long_list_comes_in_bounded_pages_and_whole()
    {
        var value = new byte[100 * 1024];
        for (var i = 0; i < 10; i++)
        {
            await _store.Put($"x/{i}", value);
        }

        await _store.Put("y", value);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"x/{i}"), await Keys(_store.List("x/")));
        Assert.Equal(5, _group.Queries);
    }

    [Fact]
    public async Task An_entry_larger_than_a_page_is_a_page()
    {
        await _store.Put("a", new byte[1024 * 1024]);
        await _store.Put("b", new byte[1024 * 1024]);
        Assert.Equal(["a", "b"], await Keys(_store.List()));
        Assert.Equal(2, _group.Queries);
    }

    [Fact]
    public async Task A_key_that_vanishes_between_two_pages_does_not_end_the_list()
    {
        foreach (var key in new[] { "a", "b", "c" })
        {
            await _store.Put(key, new byte[200 * 1024]);
        }

        var seen = new List<string>();
        await foreach (var entry in _store.List())
        {
            seen.Add(entry.Key);
            await _store.Delete(entry.Key);
        }

        Assert.Equal(["a", "b", "c"], seen);
    }

    [Fact]
    public async Task A_range_is_read_page_by_page_as_of_a_revision()
    {
        foreach (var key in new[] { "a", "b", "c", "d" })
        {
            await _store.Put(key, Bytes(key));
        }

        var first = await _store.Range(KeyValueRange.Between("b", ""), limit: 2);
        Assert.Equal([Entry("b", "b", 1, 2), Entry("c", "c", 1, 3)], first.Entries);
        Assert.Equal((true, 4), (first.HasMore, first.Revision));
        await _store.Put("e", Bytes("e"));
        var second = await _store.Range(KeyValueRange.Between("b", ""), limit: 2, after: "c");
        Assert.Equal([Entry("d", "d", 1, 4), Entry("e", "e", 1, 5)], second.Entries);
        Assert.Equal((false, 5), (second.HasMore, second.Revision));
        Assert.Equal(["a", "b"], (await _store.Range(KeyValueRange.Between("", "c"))).Entries.Select(entry => entry.Key));
        Assert.Equal(["c"], await Keys(_store.List(KeyValueRange.Key("c"))));
        Assert.Empty((await _store.Range(KeyValueRange.Between("b", "b"))).Entries);
        Assert.Equal(5, await _store.Revision());
    }

    [Fact]
    public async Task A_range_refuses_what_cannot_be()
    {
        await Assert.ThrowsAsync<InvalidRequestException>(() => _store.Range(KeyValueRange.All, limit: 0));
        await Assert.ThrowsAsync<InvalidRequestException>(() => _store.Range(KeyValueRange.All, after: ""));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _store.Range(null!));
        Assert.Throws<ArgumentNullException>(() => _store.List((KeyValueRange)null!));
        Assert.Throws<InvalidRequestException>(() => KeyValueRange.Key(""));
        Assert.Throws<InvalidRequestException>(() => KeyValueRange.Prefix(new string('a', 1025)));
        Assert.Throws<InvalidRequestException>(() => KeyValueRange.Between("", "\ud800"));
        var failure = Assert.Throws<InvalidRequestException>(() => KeyValueRange.Between("b", "a"));
        Assert.Equal("The range from 'b' to 'a' ends before it begins. Keys are in ordinal order.", failure.Message);
    }

    [Fact]
    public async Task A_key_has_1_to_1024_bytes_of_UTF_8()
    {
        var longest = new string('\u00e4', 512);
        await _store.Put(longest, Bytes("x"));
        Assert.Equal(Entry(longest, "x", 1, 1), await _store.Get(longest));
        Assert.Equal([longest], await Keys(_store.List()));

        foreach (var (key, bytes) in new[] { ("", 0), (longest + "a", 1025) })
        {
            var message = $"A key has 1 to 1024 bytes of UTF-8, but this one has {bytes}. Shorten it, or hash it.";
            Assert.Equal(message, (await Assert.ThrowsAsync<InvalidRequestException>(() => _store.Put(key, Bytes("x")))).Message);
            Assert.Equal(message, (await Assert.ThrowsAsync<InvalidRequestException>(() => _store.Get(key))).Message);
            Assert.Equal(message, (await Assert.ThrowsAsync<InvalidRequestException>(() => _store.Delete(key))).Message);
            Assert.Equal(message, (await Assert.ThrowsAsync<InvalidRequestException>(() => _store.CompareAndSwap(key, 0, Bytes("x")))).Message);
        }

        Assert.Throws<InvalidRequestException>(() => _store.List(longest + "a"));
        Assert.Equal(1, await _store.CountApplied());
    }

    [Fact]
    public async Task Half_a_surrogate_pair_is_refused_instead_of_replaced()
    {
        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => _store.Put("ab\ud800", Bytes("x")));
        Assert.Equal("A key must be Unicode text, but has half of a surrogate pair at position 2. Escape or encode it first.", failure.Message);
    }

    [Fact]
    public async Task A_negative_expected_version_is_refused() =>
        await Assert.ThrowsAsync<InvalidRequestException>(() => _store.CompareAndSwap("a", -1, Bytes("x")));

    [Fact]
    public async Task An_answer_of_another_machine_is_named_as_such()
    {
        var store = new KeyValueStore(new LocalMachine(new SilentMachine()));
        foreach (var ask in new Func<Task>[] { () => store.Get("a"), () => store.Put("a", Bytes("x")), () => store.CountApplied(), () => Keys(store.List()) })
        {
            var failure = await Assert.ThrowsAsync<FormatException>(ask);
            Assert.EndsWith("Does the group replicate one?", failure.Message, StringComparison.Ordinal);
        }
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static KeyValueEntry Entry(string key, string value, long version, long revision) => new(key, Bytes(value), version, revision);

    private static async Task<List<string>> Keys(IAsyncEnumerable<KeyValueEntry> entries)
    {
        var keys = new List<string>();
        await foreach (var entry in entries)
        {
            keys.Add(entry.Key);
        }

        return keys;
    }

    private sealed class SilentMachine : IStateMachine
    {
        public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command) => default;

        public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query) => default;

        public Action<Stream> CaptureSnapshot() => static _ => { };

        public void ReadSnapshot(Stream source)
        {
        }
    }
}
