using LifeRaft.Protocol;
using Xunit;

namespace LifeRaft.Tests.Typed;

public sealed class StateMachineTests
{
    private readonly Accounts _machine = new(Accounts.Serializer);
    private readonly LocalMachine _group;
    private readonly RaftCommands<Accounts> _bank;

    public StateMachineTests()
    {
        _group = new LocalMachine(_machine);
        _bank = new RaftCommands<Accounts>(_group, Accounts.Serializer);
    }

    [Fact]
    public async Task Commands_change_the_state_and_queries_see_it()
    {
        Assert.Equal(100, await _bank.Command(new Deposit("anna", 100)));
        Assert.Equal(70, await _bank.Command(new Withdraw("anna", 30)));
        await _bank.Command(new Rename("anna", "bert"));
        Assert.Equal(70, await _bank.Query(new Balance("bert")));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => _bank.Query(new Balance("anna")));
    }

    [Fact]
    public async Task A_handler_that_throws_leaves_the_state_as_it_was()
    {
        await _bank.Command(new Deposit("anna", 100));
        Assert.Equal(1, (await Assert.ThrowsAsync<InsufficientFundsException>(() => _bank.Command(new Withdraw("anna", 101)))).Missing);
        await Assert.ThrowsAsync<KeyNotFoundException>(() => _bank.Command(new Rename("nobody", "somebody")));
        await Assert.ThrowsAsync<OverflowException>(() => _bank.Command(new Deposit("anna", long.MaxValue)));
        Assert.Equal(100, await _bank.Query(new Balance("anna")));
    }

    [Fact]
    public async Task A_query_cannot_change_the_state()
    {
        await _bank.Command(new Deposit("anna", 100));
        Assert.Contains("a query changes nothing", (await Assert.ThrowsAsync<InvalidOperationException>(() => _bank.Query(new Spoil()))).Message, StringComparison.Ordinal);
        Assert.Equal(100, await _bank.Query(new Balance("anna")));
    }

    [Fact]
    public async Task A_query_waits_until_there_is_an_answer()
    {
        var waiting = _bank.Await(new Balance("anna"), TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        await _bank.Command(new Deposit("anna", 5));
        Assert.Equal(5, await waiting);
        Assert.Contains("does not know the query 'accounts.spoil'", (await Assert.ThrowsAsync<InvalidRequestException>(() => _bank.Await(new Spoil()))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_due_is_done_and_what_it_throws_changes_nothing()
    {
        await _bank.Command(new Deposit("anna", 100));
        await _bank.Command(new Hold("anna", TimeSpan.FromSeconds(10)));
        _group.Pass(TimeSpan.FromSeconds(9));
        await Assert.ThrowsAsync<InsufficientFundsException>(() => _bank.Command(new Withdraw("anna", 1)));
        _group.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(99, await _bank.Command(new Withdraw("anna", 1)));
        Assert.Null(((ITimedStateMachine)_machine).Deadline);

        await _bank.Command(new Hold("bert", TimeSpan.FromSeconds(1)));
        await _bank.Command(new Hold("never", TimeSpan.FromDays(1)));
        Assert.Throws<InvalidOperationException>(() => _group.Pass(TimeSpan.FromSeconds(2)));
        Assert.Equal(TimeSpan.FromSeconds(11), ((ITimedStateMachine)_machine).Deadline);
        Assert.Equal(99, await _bank.Query(new Balance("anna")));
    }

    [Fact]
    public void Ids_are_the_same_on_every_member_and_for_nothing_else()
    {
        var (one, other) = (DrawAt(7, group: 1), DrawAt(7, group: 1));
        Assert.Equal(one, other);
        var ids = new[] { one, DrawAt(8, group: 1), DrawAt(7, group: 2) }.SelectMany(drawn => new[] { drawn.First, drawn.Second }).ToList();
        Assert.Equal(6, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal(8, id.Version));
        Assert.Equal((new LogIndex(7), new Term(3)), (one.Index, one.Term));
        Assert.NotEqual(default, one.Group);
    }

    [Fact]
    public void Time_never_goes_back_not_even_through_a_snapshot()
    {
        var ten = DateTimeOffset.UnixEpoch.AddHours(10);
        Assert.Equal(ten, DrawAt(1, time: ten).Time);
        Assert.Equal(ten, DrawAt(2, time: ten.AddHours(-1)).Time);
        var copy = new Accounts(Accounts.Serializer);
        Snapshots.Copy(_machine, copy);
        Assert.Equal(ten, Draw(copy, 3, ten.AddHours(-1)).Time);
        Assert.Equal(ten.AddMilliseconds(1), Draw(copy, 4, ten.AddMilliseconds(1)).Time);
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_is_the_callers_error_alone()
    {
        await _bank.Command(new Deposit("anna", 100));
        var bytes = Requests.Bytes(new Deposit("anna", 100));
        var failure = Assert.Throws<InvalidRequestException>(() => ResultFrame.Read<long>(LocalMachine.Apply(_machine, bytes.AsMemory(0, bytes.Length - 3)), Accounts.Serializer));
        Assert.Contains("'accounts.deposit' cannot be read as Deposit", failure.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidRequestException>(() => ResultFrame.Read<long>(LocalMachine.Apply(_machine, "put"u8.ToArray()), Accounts.Serializer));
        Assert.Throws<InvalidRequestException>(() => ResultFrame.Read<long>(LocalMachine.Apply(_machine, default), Accounts.Serializer));
        Assert.Throws<InvalidRequestException>(() => ResultFrame.Read<long>(LocalMachine.Apply(_machine, new byte[] { 1, 1, 0xFF }), Accounts.Serializer));
        Assert.Equal(100, await _bank.Query(new Balance("anna")));
    }

    [Fact]
    public async Task A_leader_refuses_what_it_does_not_know_and_a_member_that_is_given_it_stops()
    {
        IChecksCommands checks = _machine;
        var unknown = Requests.Bytes(new Close("anna"));
        Assert.Null(checks.Refusal(Requests.Bytes(new Deposit("anna", 1))));
        Assert.Contains("does not know the command 'accounts.close'. Upgrade this silo", checks.Refusal(unknown), StringComparison.Ordinal);
        Assert.Contains("a request of form 2", checks.Refusal(new byte[] { 2, 0 }), StringComparison.Ordinal);
        Assert.Contains("3 bytes are no request to Accounts", checks.Refusal("put"u8.ToArray().AsMemory()[..3]), StringComparison.Ordinal);
        Assert.Contains("'accounts.close' at index 12. Upgrade this silo", Assert.Throws<UnknownCommandException>(() => LocalMachine.Apply(_machine, unknown, 12)).Message, StringComparison.Ordinal);
        Assert.Throws<UnknownCommandException>(() => LocalMachine.Apply(_machine, new byte[] { 2, 0 }));
        await Assert.ThrowsAsync<UnknownCommandException>(() => _bank.Command(new Close("anna")));
    }

    [Fact]
    public void An_answer_of_something_else_is_named()
    {
        Assert.Contains("Does the group replicate one?", Refusal([]), StringComparison.Ordinal);
        Assert.Contains("Does the group replicate one?", Refusal([0, 0, 0]), StringComparison.Ordinal);
        Assert.Contains("update the client", Refusal([2, 0, 0]), StringComparison.Ordinal);
        Assert.Contains("The result is no System.Int64", Refusal([1, 0, 0xFF]), StringComparison.Ordinal);
        Assert.Contains("no exception of a typed machine", Refusal([1, 1, 9, 0, 0, 0]), StringComparison.Ordinal);

        static string Refusal(byte[] answer) => Assert.Throws<FormatException>(() => ResultFrame.Read<long>(answer, Accounts.Serializer)).Message;
    }

    private Drawn DrawAt(long index, byte group = 1, DateTimeOffset time = default) => Draw(_machine, index, time, group);

    private static Drawn Draw(Accounts machine, long index, DateTimeOffset time, byte group = 1)
    {
        var context = new CommandContext(new LogIndex(index), new Term(3), time) { Group = new GroupId(new Guid(group, 0, 0, new byte[8])) };
        return ResultFrame.Read<Drawn>(((IStateMachine)machine).Apply(context, Requests.Bytes(new Draw())), Accounts.Serializer);
    }
}
