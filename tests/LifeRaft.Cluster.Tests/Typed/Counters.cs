using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Orleans.Serialization;

namespace LifeRaft.Cluster.Tests;

/// <summary>Counters by name, which can be set to end.</summary>
[RaftMachine("counters")]
public class Counters : StateMachine<CountersState>
{
    public Counters(Serializer serializer)
        : base(serializer, new CountersState(ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal), null))
    {
        OnCommand<Add, long>(Add);
        OnCommand<EndAll>((command, context) => State = State with { End = context.Clock + command.In });
        OnQuery<Count, long>(query => State.Counts.GetValueOrDefault(query.Name));
        OnAwait<Count, long>((Count query, [MaybeNullWhen(false)] out long count) => State.Counts.TryGetValue(query.Name, out count));
        OnAwait<Ended, Guid>((Ended query, out Guid by) => (by = State.EndedBy) != default);
    }

    protected override TimeSpan? Deadline => State.End;

    protected override void OnElapsed(HandlerContext context)
    {
        if (State.End <= context.Clock)
        {
            State = State with { Counts = State.Counts.Clear(), End = null, EndedBy = context.NewId() };
        }
    }

    private long Add(Add command, HandlerContext context)
    {
        var count = State.Counts.GetValueOrDefault(command.Name) + command.By;
        State = State with { Counts = State.Counts.SetItem(command.Name, count) };
        return count <= command.AtMost ? count : throw new TooMuchException(command.Name, count);
    }
}

/// <summary>The same machine in the build after this one, which knows one command more.</summary>
public sealed class CountersOfTheNextBuild : Counters
{
    public CountersOfTheNextBuild(Serializer serializer)
        : base(serializer) => OnCommand<Reset, bool>((command, _) =>
        {
            State = State with { Counts = State.Counts.Remove(command.Name) };
            return true;
        });
}

[GenerateSerializer]
[Alias("counters.state")]
public sealed record CountersState([property: Id(0)] ImmutableSortedDictionary<string, long> Counts, [property: Id(1)] TimeSpan? End)
{
    [Id(2)]
    public Guid EndedBy { get; init; }
}

[GenerateSerializer]
[Alias("counters.add")]
public sealed record Add([property: Id(0)] string Name, [property: Id(1)] long By, [property: Id(2)] long AtMost = long.MaxValue) : ICommand<Counters, long>;

[GenerateSerializer]
[Alias("counters.end-all")]
public sealed record EndAll([property: Id(0)] TimeSpan In) : ICommand<Counters>;

[GenerateSerializer]
[Alias("counters.reset")]
public sealed record Reset([property: Id(0)] string Name) : ICommand<Counters, bool>;

[GenerateSerializer]
[Alias("counters.count")]
public sealed record Count([property: Id(0)] string Name) : IQuery<Counters, long>;

[GenerateSerializer]
[Alias("counters.ended")]
public sealed record Ended : IQuery<Counters, Guid>;

[GenerateSerializer]
[Alias("counters.too-much")]
public sealed class TooMuchException(string name, long count) : Exception($"{name} would be {count}.")
{
    [Id(0)]
    public long Count { get; } = count;
}
