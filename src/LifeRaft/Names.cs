using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace LifeRaft;

/// <summary>
/// The name of a group, <c>{machine}/{name}</c>, for instance <c>kv/orders</c>: the registered state machine that it replicates, and
/// a name of its own. Each part has 1 to 64 letters, digits, dots, underscores or hyphens.
/// </summary>
public readonly record struct GroupName
{
    private GroupName(string machine, string name) => (Machine, Name) = (machine, name);

    /// <summary>The registered state machine.</summary>
    public string Machine { get; }

    /// <summary>The group's own name.</summary>
    public string Name { get; }

    /// <summary>Reads a name.</summary>
    /// <exception cref="InvalidNameException">It is none; the message says which rule it breaks.</exception>
    public static GroupName Parse(string text)
    {
        var parts = (text ?? "").Split('/');
        if (parts.Length != 2)
        {
            throw new InvalidNameException($"'{text}' is no group name: it must be '{{machine}}/{{name}}', for instance 'kv/orders'.");
        }

        NameRules.Require(parts[0], "the machine", text!);
        NameRules.Require(parts[1], "the name", text!);
        return new GroupName(parts[0], parts[1]);
    }

    /// <summary>What is wrong with a text that should be a name; null for nothing.</summary>
    internal static string? ProblemOf(string text)
    {
        try
        {
            Parse(text);
            return null;
        }
        catch (InvalidNameException problem)
        {
            return problem.Message;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Machine}/{Name}";
}

/// <summary>
/// The name of a node within its group, <c>{name}@{silo}</c>, for instance <c>1@silo-a</c>. The node lives on the silo of that
/// <c>SiloName</c> and nowhere else, because its log does.
/// </summary>
public readonly record struct NodeAddress
{
    private NodeAddress(string name, string silo) => (Name, Silo) = (name, silo);

    /// <summary>The node's own name.</summary>
    public string Name { get; }

    /// <summary>The name of its silo.</summary>
    public string Silo { get; }

    /// <summary>Reads an address.</summary>
    /// <exception cref="InvalidNameException">It is none; the message says which rule it breaks.</exception>
    public static NodeAddress Parse(string text)
    {
        var parts = (text ?? "").Split('@');
        if (parts.Length != 2)
        {
            throw new InvalidNameException($"'{text}' is no node address: it must be '{{name}}@{{silo}}', for instance '1@silo-a'.");
        }

        NameRules.Require(parts[0], "the name", text!);
        NameRules.Require(parts[1], "the silo", text!);
        return new NodeAddress(parts[0], parts[1]);
    }

    /// <summary>An address with a generated name on that silo.</summary>
    public static NodeAddress Generate(string silo) => Parse($"{Guid.NewGuid():N}@{silo}");

    /// <inheritdoc/>
    public override string ToString() => $"{Name}@{Silo}";
}

/// <summary>The key of a node's grain, <c>{machine}/{name}/{node}@{silo}</c>.</summary>
public readonly record struct NodeKey(GroupName Group, NodeAddress Address)
{
    /// <summary>Reads a key.</summary>
    /// <exception cref="InvalidNameException">It is none; the message says which rule it breaks.</exception>
    public static NodeKey Parse(string text)
    {
        var end = (text ?? "").LastIndexOf('/');
        return end > 0
            ? new NodeKey(GroupName.Parse(text![..end]), NodeAddress.Parse(text[(end + 1)..]))
            : throw new InvalidNameException($"'{text}' is no node key: it must be '{{machine}}/{{name}}/{{node}}@{{silo}}', for instance 'kv/orders/1@silo-a'.");
    }

    /// <summary>Reads a key without an exception.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out NodeKey key)
    {
        try
        {
            key = Parse(text!);
            return true;
        }
        catch (InvalidNameException)
        {
            key = default;
            return false;
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Group}/{Address}";
}

internal static class NameRules
{
    private const int MaximumLength = 64;
    private static readonly SearchValues<char> _allowed = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-");

    /// <summary>What is wrong with a part of a name; null for nothing.</summary>
    public static string? ProblemOf(string part) =>
        part.Length == 0 ? "is empty"
        : part.Length > MaximumLength ? $"has {part.Length} characters; at most {MaximumLength} are allowed"
        : part.AsSpan().IndexOfAnyExcept(_allowed) is var bad and >= 0 ? $"contains '{part[bad]}'; letters, digits, '.', '_' and '-' are allowed"
        : null;

    public static void Require(string part, string what, string whole)
    {
        if (ProblemOf(part) is { } problem)
        {
            throw new InvalidNameException($"'{whole}' is not valid: {what} {problem}.");
        }
    }
}
