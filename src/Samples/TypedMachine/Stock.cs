using System.Collections.Immutable;
using LifeRaft;
using Orleans.Serialization;

namespace LifeRaft.Samples;

/// <summary>How much of each article there is. Two customers never get the same piece, for all members apply the same commands in the same order.</summary>
[RaftMachine("stock")]
public sealed class Stock : StateMachine<StockState>
{
    public Stock(Serializer serializer)
        : base(serializer, StockState.Empty)
    {
        OnCommand<Restock, int>((command, _) => Set(command.Article, Pieces(command.Article) + command.Pieces));
        OnCommand<Take, Receipt>(Take);
        OnQuery<HowMany, int>(query => Pieces(query.Article));
    }

    private Receipt Take(Take command, HandlerContext context)
    {
        if (Pieces(command.Article) < command.Pieces)
        {
            // Thrown here, caught by who sent the command; the state stays as it was.
            throw new SoldOutException(command.Article, Pieces(command.Article));
        }

        return new Receipt(context.NewId(), Set(command.Article, Pieces(command.Article) - command.Pieces));
    }

    private int Pieces(string article) => State.Pieces.GetValueOrDefault(article);

    private int Set(string article, int pieces)
    {
        State = State with { Pieces = State.Pieces.SetItem(article, pieces) };
        return pieces;
    }
}

/// <summary>Immutable, so that a snapshot is a reference; sorted, so that every member writes the same bytes.</summary>
[GenerateSerializer, Immutable, Alias("stock.state")]
public sealed record StockState([property: Id(0)] ImmutableSortedDictionary<string, int> Pieces)
{
    public static StockState Empty { get; } = new(ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal));
}

[GenerateSerializer, Immutable, Alias("stock.restock")]
public sealed record Restock([property: Id(0)] string Article, [property: Id(1)] int Pieces) : ICommand<Stock, int>;

[GenerateSerializer, Immutable, Alias("stock.take")]
public sealed record Take([property: Id(0)] string Article, [property: Id(1)] int Pieces) : ICommand<Stock, Receipt>;

[GenerateSerializer, Immutable, Alias("stock.howmany")]
public sealed record HowMany([property: Id(0)] string Article) : IQuery<Stock, int>;

[GenerateSerializer, Immutable, Alias("stock.receipt")]
public sealed record Receipt([property: Id(0)] Guid Id, [property: Id(1)] int Left);

[GenerateSerializer, Alias("stock.soldout")]
public sealed class SoldOutException(string article, int left) : Exception($"Only {left} of {article} are left.")
{
    [Id(0)]
    public int Left { get; } = left;
}
