using System.Text;
using Xunit;

namespace LifeRaft.Tests.KeyValue;

public sealed class KeyValueTransactionTests
{
    private readonly LocalMachine _group;
    private readonly KeyValueStore _store;

    public KeyValueTransactionTests()
    {
        _group = new LocalMachine(new KeyValueMachine());
        _store = new KeyValueStore(_group);
    }

    [Fact]
    public async Task All_conditions_decide_which_branch_is_carried_out()
    {
        await _store.Put("a", Bytes("one"));
        KeyValueCondition[] when = [KeyValueCondition.Revision("a", 1), KeyValueCondition.Absent("b")];
        KeyValueOperation[] then = [KeyValueOperation.Put("a", Bytes("two")), KeyValueOperation.Put("b", Bytes("new")), KeyValueOperation.Get("c")];
        KeyValueOperation[] otherwise = [KeyValueOperation.Get("a"), KeyValueOperation.Delete("b")];

        var first = await _store.Transact(when, then, otherwise);
        Assert.True(first.Succeeded);
        Assert.Equal(2, first.Revision);
        Assert.Equal([Entry("a", "two", 2, 2), Entry("b", "new", 1, 2), null], first.Results);

        var second = await _store.Transact(when, then, otherwise);
        Assert.False(second.Succeeded);
        Assert.Equal(3, second.Revision);
        Assert.Equal([Entry("a", "two", 2, 2), Entry("b", "new", 1, 2)], second.Results);
        Assert.Null(await _store.Get("b"));
    }

    [Fact]
    public async Task A_step_sees_what_the_steps_before_it_have_done()
    {
        await _store.Put("a", Bytes("old"));
        var result = await _store.Transact([], [KeyValueOperation.Get("a"), KeyValueOperation.Put("a", Bytes("new")), KeyValueOperation.Get("a")]);
        Assert.Equal([Entry("a", "old", 1, 1), Entry("a", "new", 2, 2), Entry("a", "new", 2, 2)], result.Results);
    }

    [Fact]
    public async Task A_transaction_that_changes_nothing_has_the_revision_of_the_last_change()
    {
        await _store.Put("a", Bytes("one"));
        var result = await _store.Transact([KeyValueCondition.Absent("a")], [KeyValueOperation.Put("a", Bytes("two"))]);
        Assert.Equal((false, 1), (result.Succeeded, result.Revision));
        Assert.Empty(result.Results);
        Assert.Equal(2, await _store.CountApplied());
    }

    [Fact]
    public async Task A_key_that_came_again_has_the_version_but_not_the_revision_it_had()
    {
        await _store.Put("a", Bytes("x"));
        await _store.Delete("a");
        await _store.Put("a", Bytes("x"));
        Assert.True((await _store.Transact([KeyValueCondition.Version("a", 1)], [])).Succeeded);
        Assert.False((await _store.Transact([KeyValueCondition.Revision("a", 1)], [])).Succeeded);
    }

    [Fact]
    public async Task A_result_larger_than_an_answer_is_refused_and_nothing_is_done()
    {
        foreach (var key in new[] { "a", "b" })
        {
            await _store.Put(key, new byte[9 * 1024 * 1024]);
        }

        KeyValueOperation[] both = [KeyValueOperation.Put("c", Bytes("x")), KeyValueOperation.Delete("a"), KeyValueOperation.Get("b")];
        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => _store.Transact([], both));
        Assert.Equal("The transaction reads and removes 18874368 bytes; at most 16777216 are possible. Nothing was done; split it.", failure.Message);
        Assert.NotNull(await _store.Get("a"));
        Assert.Null(await _store.Get("c"));
    }

    [Fact]
    public async Task Too_many_parts_or_one_key_written_twice_are_refused_before_anything_is_sent()
    {
        var conditions = Enumerable.Repeat(KeyValueCondition.Absent("a"), 129).ToArray();
        var reads = Enumerable.Repeat(KeyValueOperation.Get("a"), 129).ToArray();
        KeyValueOperation[] twice = [KeyValueOperation.Put("a", Bytes("x")), KeyValueOperation.Delete("a")];
        await Refused("A transaction has at most 128 conditions, but this one has 129. Split it.", () => _store.Transact(conditions, []));
        await Refused("A branch of a transaction has at most 128 operations, but this one has 129. Split it.", () => _store.Transact([], reads));
        await Refused("A branch of a transaction has at most 128 operations, but this one has 129. Split it.", () => _store.Transact([], [], reads));
        await Refused("A branch of a transaction writes a key once, but 'a' is put or deleted twice. Keep the one that counts.", () => _store.Transact([], [], twice));
        await Refused("A condition or operation of a transaction is null. Leave it out.", () => _store.Transact([], [null!]));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _store.Transact(null!, []));
        await Assert.ThrowsAsync<ArgumentNullException>(() => _store.Transact([], null!));
        Assert.Equal(0, _group.Commands);
        Assert.True((await _store.Transact(conditions[1..], reads[1..])).Succeeded);
    }

    [Fact]
    public void Conditions_and_operations_refuse_what_cannot_be()
    {
        foreach (var make in new Action<string>[]
        {
            key => KeyValueCondition.Absent(key), key => KeyValueCondition.Present(key), key => KeyValueCondition.Version(key, 1), key => KeyValueCondition.Revision(key, 1),
            key => KeyValueCondition.Lease(key, 1), key => KeyValueCondition.Value(key, default), key => KeyValueOperation.Put(key, default), key => KeyValueOperation.Delete(key),
            key => KeyValueOperation.Get(key),
        })
        {
            Assert.Throws<InvalidRequestException>(() => make(""));
            Assert.Throws<ArgumentNullException>(() => make(null!));
        }

        Assert.Throws<InvalidRequestException>(() => KeyValueCondition.Revision("a", -1));
        Assert.Throws<InvalidRequestException>(() => KeyValueCondition.Version("a", 1, (KeyValueComparison)4));
    }

    [Fact]
    public void A_damaged_transaction_is_a_FormatException_that_changes_nothing()
    {
        KeyValueOperation[] then = [KeyValueOperation.Put("a", Bytes("x")), KeyValueOperation.Delete("b"), KeyValueOperation.Get("c")];
        var whole = new KeyValueTransaction([KeyValueCondition.Version("a", 0), KeyValueCondition.Value("b", Bytes("y"))], then, []).Encode();
        for (var length = 1; length < whole.Length; length++)
        {
            Assert.Throws<FormatException>(() => LocalMachine.Apply(_group.Machine, whole.AsMemory(0, length)));
        }

        byte[] more = [.. whole, 0];
        Assert.Throws<FormatException>(() => LocalMachine.Apply(_group.Machine, more));
        Assert.Equal(new byte[sizeof(long)], _group.Machine.Query(new byte[] { 2 }).ToArray());
    }

    private static async Task Refused(string message, Func<Task> transact) =>
        Assert.Equal(message, (await Assert.ThrowsAsync<InvalidRequestException>(transact)).Message);

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static KeyValueEntry Entry(string key, string value, long version, long revision) => new(key, Bytes(value), version, revision);
}
