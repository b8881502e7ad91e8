using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LifeRaft.Cli;

/// <summary>A transaction as JSON.</summary>
/// <param name="When">What must hold.</param>
/// <param name="Then">What to do if all of it holds.</param>
/// <param name="Else">What to do if not.</param>
internal sealed record TransactionDocument(IReadOnlyList<ConditionDocument?>? When, IReadOnlyList<OperationDocument?>? Then, IReadOnlyList<OperationDocument?>? Else)
{
    /// <summary>A word that is not known is an error, and not left out.</summary>
    public static JsonSerializerOptions Strict { get; } = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow };

    /// <exception cref="MisuseException">A part of it says nothing, or too much.</exception>
    public (IReadOnlyList<KeyValueCondition> When, IReadOnlyList<KeyValueOperation> Then, IReadOnlyList<KeyValueOperation> Else) Read() =>
        ([.. (When ?? []).Select(condition => (condition ?? throw new MisuseException("A condition is an object with a key, not null.")).Read())], Read(Then), Read(Else));

    private static IReadOnlyList<KeyValueOperation> Read(IReadOnlyList<OperationDocument?>? operations) =>
        [.. (operations ?? []).Select(operation => (operation ?? throw new MisuseException("An operation is an object with put, delete or get, not null.")).Read())];

    /// <summary>The bytes that were written as text or as Base64; null for neither.</summary>
    /// <exception cref="MisuseException">There are both, or no Base64.</exception>
    internal static byte[]? Bytes(string? value, string? base64)
    {
        if (value is not null && base64 is not null)
        {
            throw new MisuseException("Of value and valueBase64 only one can be given.");
        }

        try
        {
            return base64 is not null ? Convert.FromBase64String(base64) : value is not null ? Encoding.UTF8.GetBytes(value) : null;
        }
        catch (FormatException)
        {
            throw new MisuseException($"valueBase64 '{base64}' is no Base64.");
        }
    }
}

/// <summary>A condition: exactly one of what follows the key.</summary>
internal sealed record ConditionDocument(string? Key, long? Version, long? Revision, string? Value, string? ValueBase64, bool? Absent)
{
    public KeyValueCondition Read()
    {
        var key = Key ?? throw new MisuseException("A condition needs a key.");
        var bytes = TransactionDocument.Bytes(Value, ValueBase64);
        return (Version, Revision, bytes, Absent) switch
        {
            ({ } version, null, null, null) => KeyValueCondition.Version(key, version),
            (null, { } revision, null, null) => KeyValueCondition.Revision(key, revision),
            (null, null, { } value, null) => KeyValueCondition.Value(key, value),
            (null, null, null, true) => KeyValueCondition.Absent(key),
            (null, null, null, false) => KeyValueCondition.Present(key),
            _ => throw new MisuseException($"The condition on '{key}' needs exactly one of version, revision, value, valueBase64 and absent."),
        };
    }
}

/// <summary>An operation: exactly one of put, with its value, delete and get.</summary>
internal sealed record OperationDocument(string? Put, string? Value, string? ValueBase64, string? Delete, string? Get)
{
    public KeyValueOperation Read() => (Put, TransactionDocument.Bytes(Value, ValueBase64), Delete, Get) switch
    {
        ({ } key, { } value, null, null) => KeyValueOperation.Put(key, value),
        (null, null, { } key, null) => KeyValueOperation.Delete(key),
        (null, null, null, { } key) => KeyValueOperation.Get(key),
        ({ } key, null, null, null) => throw new MisuseException($"The put of '{key}' needs a value or valueBase64."),
        _ => throw new MisuseException("An operation is exactly one of put with a value, delete and get."),
    };
}
