using Orleans;
using Xunit;

namespace LifeRaft.Tests.Typed;

/// <summary>A machine that cannot work says so when it is made, and what it lacks.</summary>
public sealed class HandlersTests
{
    [Theory]
    [InlineData("twice", "two handlers for 'bad.good'")]
    [InlineData("retired", "cannot retire 'bad.good': it has a handler")]
    [InlineData("no alias", "NoAlias cannot be a command or query: it lacks [Alias(\"…\")]")]
    [InlineData("no attributes", "Bare cannot be a command or query: it lacks [GenerateSerializer] and [Alias(\"…\")]")]
    [InlineData("generic", "it is generic")]
    [InlineData("another's", "Deposit cannot have a handler in Bad: it does not implement ICommand<Bad, Int64>")]
    [InlineData("another result", "Good cannot have a handler in Bad: it does not implement ICommand<Bad, String>")]
    [InlineData("a query", "Asked cannot have a handler in Bad: it does not implement ICommand<Bad>")]
    [InlineData("holds what has none", "the request, LifeRaft.Tests.Typed.HandlersTests+Holding, cannot be written")]
    [InlineData("result", "the result of Unanswerable, LifeRaft.Tests.Typed.PlainException, cannot be written")]
    public void What_is_wrong_with_a_type_is_said(string what, string because) =>
        Assert.Contains(because, Assert.Throws<InvalidRequestException>(() => new Bad(what)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_state_without_a_serializer_is_named() =>
        Assert.Contains("the state, LifeRaft.Tests.Typed.HandlersTests+Unwritten, cannot be written", Assert.Throws<InvalidRequestException>(() => new Stateless()).Message, StringComparison.Ordinal);

    [Fact]
    public void The_name_of_a_machine_stands_on_it_or_on_an_interface()
    {
        Assert.Equal("accounts", RaftMachineAttribute.NameOf(typeof(Accounts)));
        Assert.Equal("accounts", RaftMachineAttribute.NameOf(typeof(IAccounts)));
        Assert.Contains("[RaftMachine(\"…\")]", Assert.Throws<InvalidRequestException>(() => RaftMachineAttribute.NameOf(typeof(Bad))).Message, StringComparison.Ordinal);
        Assert.Contains("several names, two, accounts", Assert.Throws<InvalidRequestException>(() => RaftMachineAttribute.NameOf(typeof(TwoNames))).Message, StringComparison.Ordinal);
        Assert.Contains("contains '/'", Assert.Throws<InvalidNameException>(() => RaftMachineAttribute.NameOf(typeof(ISlashed))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_that_cannot_be_sent_says_what_it_lacks()
    {
        var commands = new RaftCommands<Bad>(new LocalMachine(new KeyValueMachine()), Accounts.Serializer);
        Assert.Contains("lacks [Alias", (await Assert.ThrowsAsync<InvalidRequestException>(() => commands.Command(new NoAlias()))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentNullException>(() => commands.Command((Good)null!));
    }

    [GenerateSerializer, Alias("bad.good")]
    public sealed record Good : ICommand<Bad, int>;

    [GenerateSerializer]
    public sealed record NoAlias : ICommand<Bad, int>;

    public sealed record Bare : ICommand<Bad, int>;

    [GenerateSerializer, Alias("bad.generic")]
    public sealed record Generic<T> : ICommand<Bad, int>;

    [GenerateSerializer, Alias("bad.asked")]
    public sealed record Asked : IQuery<Bad, int>;

    public sealed class Unwritten;

    [GenerateSerializer, Alias("bad.holding")]
    public sealed record Holding([property: Id(0)] Unwritten What) : ICommand<Bad, int>;

    [GenerateSerializer, Alias("bad.unanswerable")]
    public sealed record Unanswerable : ICommand<Bad, PlainException>;

    [RaftMachine("two")]
    public sealed class TwoNames : IAccounts;

    [RaftMachine("a/b")]
    public interface ISlashed;

    public sealed class Stateless() : StateMachine<Unwritten>(Accounts.Serializer, new Unwritten());

    public sealed class Bad : StateMachine<AccountsState>
    {
        public Bad(string what)
            : base(Accounts.Serializer, AccountsState.Empty)
        {
            OnCommand<Good, int>((_, _) => 0);
            switch (what)
            {
                case "twice":
                    OnCommand<Good, int>((_, _) => 0);
                    break;
                case "retired":
                    Retire("bad.good");
                    break;
                case "no alias":
                    OnCommand<NoAlias, int>((_, _) => 0);
                    break;
                case "no attributes":
                    OnCommand<Bare, int>((_, _) => 0);
                    break;
                case "generic":
                    OnCommand<Generic<int>, int>((_, _) => 0);
                    break;
                case "another's":
                    OnCommand<Deposit, long>((_, _) => 0);
                    break;
                case "another result":
                    OnCommand<Good, string>((_, _) => "");
                    break;
                case "a query":
                    OnCommand<Asked>((_, _) => { });
                    break;
                case "holds what has none":
                    OnCommand<Holding, int>((_, _) => 0);
                    break;
                case "result":
                    OnCommand<Unanswerable, PlainException>((_, _) => null!);
                    break;
            }
        }
    }
}
