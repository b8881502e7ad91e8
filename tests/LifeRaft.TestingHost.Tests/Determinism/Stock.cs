using System.Collections.Immutable;
using Orleans;
using Orleans.Serialization;

namespace LifeRaft.TestingHost.Tests;

/// <summary>Fruit that is taken comes back after a time.</summary>
[RaftMachine("stock")]
public sealed class Stock : StateMachine<StockState>
{
    private const int Full = 10;

    public Stock(Serializer serializer)
        : base(serializer, StockState.Full)
    {
        OnCommand<Take, Taken>(Take);
        OnQuery<Left, int>(query => Full - State.Out.Values.Where(taken => taken.Fruit == query.Fruit).Sum(taken => taken.Count));
    }

    protected override TimeSpan? Deadline => State.Out.IsEmpty ? null : State.Out.Values.Min(taken => taken.Until);

    protected override void OnElapsed(HandlerContext context) =>
        State = State with { Out = State.Out.RemoveRange(State.Out.Where(taken => taken.Value.Until <= context.Clock).Select(taken => taken.Key)) };

    private Taken Take(Take command, HandlerContext context)
    {
        var taken = new Taken(context.NewId(), command.Fruit, command.Count, context.Clock + command.For, context.Time);
        State = State with { Out = State.Out.Add(taken.Id, taken) };
        return command.Count <= Full ? taken : throw new InvalidOperationException($"There are {Full} of {command.Fruit}.");
    }
}

[GenerateSerializer]
[Alias("stock.state")]
public sealed record StockState([property: Id(0)] ImmutableSortedDictionary<Guid, Taken> Out)
{
    public static StockState Full { get; } = new(ImmutableSortedDictionary<Guid, Taken>.Empty);
}

[GenerateSerializer]
[Alias("stock.taken")]
public sealed record Taken(
    [property: Id(0)] Guid Id, [property: Id(1)] string Fruit, [property: Id(2)] int Count, [property: Id(3)] TimeSpan Until, [property: Id(4)] DateTimeOffset At);

[GenerateSerializer]
[Alias("stock.take")]
public sealed record Take([property: Id(0)] string Fruit, [property: Id(1)] int Count, [property: Id(2)] TimeSpan For) : ICommand<Stock, Taken>;

[GenerateSerializer]
[Alias("stock.left")]
public sealed record Left([property: Id(0)] string Fruit) : IQuery<Stock, int>;
