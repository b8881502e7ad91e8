using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using Orleans;
using Orleans.Serialization;

namespace LifeRaft.TestingHost.Tests;

/// <summary>Collections without a defined order are found wherever they are in a state.</summary>
public sealed class StateTypesTests
{
    [Theory]
    [InlineData(typeof(Holds<Dictionary<string, int>>), "Value is a Dictionary<String, Int32>: strings have other hashes in each process", "ImmutableSortedDictionary with StringComparer.Ordinal")]
    [InlineData(typeof(Holds<ImmutableDictionary<string, int>>), "Value is a ImmutableDictionary<String, Int32>", "with StringComparer.Ordinal")]
    [InlineData(typeof(Holds<FrozenDictionary<string, int>>), "FrozenDictionary<String, Int32>", "with StringComparer.Ordinal")]
    [InlineData(typeof(Holds<ConcurrentDictionary<string, int>>), "ConcurrentDictionary<String, Int32>", "with StringComparer.Ordinal")]
    [InlineData(typeof(Holds<HashSet<string>>), "HashSet<String>", "ImmutableSortedSet with StringComparer.Ordinal")]
    [InlineData(typeof(Holds<ImmutableHashSet<Guid>>), "ImmutableHashSet<Guid>: its order follows hashes", "ImmutableSortedSet.")]
    [InlineData(typeof(Holds<IReadOnlyDictionary<int, int>>), "what implements it may have no defined order", "ImmutableSortedDictionary.")]
    [InlineData(typeof(Holds<ImmutableList<Dictionary<long, string>[]>>), "Value<Dictionary`2[]>[] is a Dictionary<Int64, String>", "ImmutableSortedDictionary.")]
    [InlineData(typeof(Deep), "Deep._inner.Value is a HashSet<String>", "ImmutableSortedSet")]
    public void A_collection_without_an_order_is_named(Type state, string because, string instead)
    {
        var message = Assert.Throws<NotDeterministicException>(() => DeterminismTest.RequireDefinedOrder(state)).Message;
        Assert.Contains(because, message, StringComparison.Ordinal);
        Assert.Contains(instead, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(StockState))]
    [InlineData(typeof(Holds<ImmutableSortedDictionary<string, ImmutableList<int[]>>>))]
    [InlineData(typeof(Holds<OrderedDictionary<string, int>>))]
    [InlineData(typeof(Linked))]
    public void Everything_else_is_allowed(Type state) => DeterminismTest.RequireDefinedOrder(state);

    [Fact]
    public void A_typed_machine_is_checked_before_it_is_replayed()
    {
        Assert.Contains(
            "The state HashedState has collections without a defined order:\n  HashedState.Counts is a Dictionary<String, Int32>",
            Assert.Throws<NotDeterministicException>(() => DeterminismTest.Run(serializer => new Hashed(serializer), [])).Message,
            StringComparison.Ordinal);
        Assert.Contains(
            "CultureState.Names sorts its strings by the culture of the process",
            Assert.Throws<NotDeterministicException>(() => DeterminismTest.Run(serializer => new ByCulture(serializer), [])).Message,
            StringComparison.Ordinal);
    }

    public sealed record Holds<T>(T Value);

    public sealed class Deep(Holds<HashSet<string>> inner)
    {
        private readonly Holds<HashSet<string>> _inner = inner;

        public int Count => _inner.Value.Count;
    }

    public sealed record Linked(string Name, Linked? Next);

    public sealed class Hashed(Serializer serializer) : StateMachine<HashedState>(serializer, new HashedState([]));

    public sealed class ByCulture(Serializer serializer) : StateMachine<CultureState>(serializer, new CultureState([]));
}

[GenerateSerializer]
public sealed record HashedState([property: Id(0)] Dictionary<string, int> Counts);

[GenerateSerializer]
public sealed record CultureState([property: Id(0)] ImmutableSortedSet<string> Names);
