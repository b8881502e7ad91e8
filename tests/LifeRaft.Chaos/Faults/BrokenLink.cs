namespace LifeRaft.Chaos;

/// <summary>One direction between two silos: what the one sends to the other, or its dialling.</summary>
internal readonly record struct BrokenLink(string From, string To, bool IsCut)
{
    public static IEnumerable<BrokenLink> BothWays(string one, string other, bool isCut) => [new(one, other, isCut), new(other, one, isCut)];

    public override string ToString() => $"{From}{(IsCut ? "-x->" : "-|->")}{To}";
}
