using System.Collections.Immutable;
using Orleans.Serialization;

namespace LifeRaft.Cluster.Tests;

[RaftMachine("accounts")]
public sealed class Accounts : StateMachine<AccountsState>
{
    public Accounts(Serializer serializer)
        : base(serializer, AccountsState.Empty)
    {
        OnCommand<Deposit, long>(Deposit);
        OnQuery<Balance, long>(query => State.Cents.GetValueOrDefault(query.Account));
    }

    private long Deposit(Deposit command, HandlerContext context)
    {
        var cents = checked(State.Cents.GetValueOrDefault(command.Account) + command.Cents);
        State = State with { Cents = State.Cents.SetItem(command.Account, cents) };
        return cents;
    }
}

[GenerateSerializer, Alias("accounts.state")]
public sealed record AccountsState([property: Id(0)] ImmutableSortedDictionary<string, long> Cents)
{
    public static AccountsState Empty { get; } = new(ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal));
}

[GenerateSerializer, Alias("accounts.deposit")]
public sealed record Deposit([property: Id(0)] string Account, [property: Id(1)] long Cents) : ICommand<Accounts, long>;

[GenerateSerializer, Alias("accounts.balance")]
public sealed record Balance([property: Id(0)] string Account) : IQuery<Accounts, long>;
