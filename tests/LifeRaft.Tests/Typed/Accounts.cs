using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using LifeRaft.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Serialization;

namespace LifeRaft.Tests.Typed;

/// <summary>What clients of <see cref="Accounts"/> share.</summary>
[RaftMachine("accounts")]
public interface IAccounts;

/// <summary>A bank. A hold on an account ends after its time.</summary>
public class Accounts : StateMachine<AccountsState>, IAccounts
{
    public Accounts(Serializer serializer)
        : base(serializer, AccountsState.Empty)
    {
        OnCommand<Deposit, long>(Deposit);
        OnCommand<Withdraw, long>(Withdraw);
        OnCommand<Rename>(Rename);
        OnCommand<Draw, Drawn>((_, context) => new Drawn(context.NewId(), context.NewId(), context.Time, context.Index, context.Term, context.Group));
        OnCommand<Hold, TimeSpan>(Hold);
        OnCommand<Throw, int>(Throw);
        OnQuery<Balance, long>(query => State.Cents.TryGetValue(query.Account, out var cents) ? cents : throw new KeyNotFoundException($"No account {query.Account}."));
        OnQuery<Spoil, int>(_ =>
        {
            State = AccountsState.Empty;
            return 0;
        });
        OnAwait<Balance, long>((Balance query, [MaybeNullWhen(false)] out long cents) => State.Cents.TryGetValue(query.Account, out cents));
    }

    public static ServiceProvider Services { get; } = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public static Serializer Serializer { get; } = Services.GetRequiredService<Serializer>();

    protected override TimeSpan? Deadline => State.HeldUntil.IsEmpty ? null : State.HeldUntil.Values.Min();

    protected override void OnElapsed(HandlerContext context)
    {
        State = State with { HeldUntil = State.HeldUntil.RemoveRange(State.HeldUntil.Where(hold => hold.Value <= context.Clock).Select(hold => hold.Key)) };
        if (State.HeldUntil.ContainsKey("never"))
        {
            State = AccountsState.Empty;
            throw new InvalidOperationException("This hold never ends.");
        }
    }

    private long Deposit(Deposit command, HandlerContext context)
    {
        var cents = checked(State.Cents.GetValueOrDefault(command.Account) + command.Cents);
        State = State with { Cents = State.Cents.SetItem(command.Account, cents) };
        return cents;
    }

    private long Withdraw(Withdraw command, HandlerContext context)
    {
        var left = State.Cents.GetValueOrDefault(command.Account) - command.Cents;
        State = State with { Cents = State.Cents.SetItem(command.Account, left) };
        return left >= 0 && !State.HeldUntil.ContainsKey(command.Account) ? left : throw new InsufficientFundsException(command.Account, -left);
    }

    private void Rename(Rename command, HandlerContext context) =>
        State = State with { Cents = State.Cents.Remove(command.From).Add(command.To, State.Cents[command.From]) };

    private TimeSpan Hold(Hold command, HandlerContext context)
    {
        State = State with { HeldUntil = State.HeldUntil.Add(command.Account, context.Clock + command.For) };
        return context.Clock;
    }

    private int Throw(Throw command, HandlerContext context)
    {
        State = AccountsState.Empty;
        return command.Depth > 0 ? Throw(command with { Depth = command.Depth - 1 }, context) : throw command.What switch
        {
            "framework" => new ArgumentException("Not that.", nameof(command)),
            "traced" => new TracedException("Somewhere."),
            "plain" => new PlainException("As it is."),
            "nested" => new InvalidOperationException("Outer.", Caught(() => throw new InsufficientFundsException("inner", 1))),
            "several" => new AggregateException(Caught(() => throw new FormatException("One.")), Caught(() => throw new FormatException("Two."))),
            _ => new InsufficientFundsException("thrown", 7),
        };
    }

    private static Exception Caught(Action action)
    {
        try
        {
            action();
            return new InvalidOperationException("Nothing was thrown.");
        }
        catch (Exception failure)
        {
            return failure;
        }
    }
}

[GenerateSerializer]
[Alias("accounts.state")]
public sealed record AccountsState(
    [property: Id(0)] ImmutableSortedDictionary<string, long> Cents,
    [property: Id(1)] ImmutableSortedDictionary<string, TimeSpan> HeldUntil)
{
    public static AccountsState Empty { get; } = new(
        ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal), ImmutableSortedDictionary.Create<string, TimeSpan>(StringComparer.Ordinal));
}

[GenerateSerializer]
[Alias("accounts.deposit")]
public sealed record Deposit([property: Id(0)] string Account, [property: Id(1)] long Cents) : ICommand<IAccounts, long>;

[GenerateSerializer]
[Alias("accounts.withdraw")]
public readonly record struct Withdraw([property: Id(0)] string Account, [property: Id(1)] long Cents) : ICommand<IAccounts, long>;

[GenerateSerializer]
[Alias("accounts.rename")]
public sealed record Rename([property: Id(0)] string From, [property: Id(1)] string To) : ICommand<IAccounts>;

[GenerateSerializer]
[Alias("accounts.hold")]
public sealed record Hold([property: Id(0)] string Account, [property: Id(1)] TimeSpan For) : ICommand<Accounts, TimeSpan>;

[GenerateSerializer]
[Alias("accounts.draw")]
public sealed record Draw : ICommand<Accounts, Drawn>;

[GenerateSerializer]
[Alias("accounts.drawn")]
public sealed record Drawn(
    [property: Id(0)] Guid First,
    [property: Id(1)] Guid Second,
    [property: Id(2)] DateTimeOffset Time,
    [property: Id(3)] LogIndex Index,
    [property: Id(4)] Term Term,
    [property: Id(5)] GroupId Group);

[GenerateSerializer]
[Alias("accounts.throw")]
public sealed record Throw([property: Id(0)] string What, [property: Id(1)] int Depth = 0) : ICommand<Accounts, int>;

[GenerateSerializer]
[Alias("accounts.balance")]
public sealed record Balance([property: Id(0)] string Account) : IQuery<IAccounts, long>;

[GenerateSerializer]
[Alias("accounts.spoil")]
public sealed record Spoil : IQuery<Accounts, int>;

/// <summary>A command that came with a newer build.</summary>
[GenerateSerializer]
[Alias("accounts.close")]
public sealed record Close([property: Id(0)] string Account) : ICommand<Accounts, bool>;

/// <summary>The build that knows it.</summary>
public sealed class AccountsOfTheNextBuild : Accounts
{
    public AccountsOfTheNextBuild(Serializer serializer)
        : base(serializer) => OnCommand<Close, bool>((command, _) =>
        {
            var isThere = State.Cents.ContainsKey(command.Account);
            State = State with { Cents = State.Cents.Remove(command.Account) };
            return isThere;
        });
}

/// <summary>The build after that, which takes it no more.</summary>
public sealed class AccountsOfTheLastBuild : Accounts
{
    public AccountsOfTheLastBuild(Serializer serializer)
        : base(serializer) => Retire("accounts.close");
}

[GenerateSerializer]
[Alias("accounts.insufficient-funds")]
public sealed class InsufficientFundsException(string account, long missing) : Exception($"{account} lacks {missing} cents.")
{
    [Id(0)]
    public long Missing { get; } = missing;
}

public sealed class PlainException(string message) : Exception(message);

/// <summary>It has a trace of its own making.</summary>
[GenerateSerializer]
[Alias("accounts.traced")]
public sealed class TracedException(string message) : Exception(message)
{
    public override string? StackTrace => $"   at {Guid.NewGuid()}";
}
