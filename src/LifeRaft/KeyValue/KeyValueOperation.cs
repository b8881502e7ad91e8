namespace LifeRaft;

/// <summary>What an operation does. The numbers are in logs: they never change.</summary>
internal enum KeyValueOperationKind : byte
{
    Put = 1,
    Delete = 2,
    Get = 3,
}

/// <summary>One step of a transaction. It sees what the steps before it have done.</summary>
public sealed class KeyValueOperation
{
    private KeyValueOperation(KeyValueOperationKind kind, string key, ReadOnlyMemory<byte> value, long leaseId)
    {
        (Kind, Key, Value, LeaseId) = (kind, key, value, leaseId);
    }

    /// <summary>The key.</summary>
    public string Key { get; }

    internal KeyValueOperationKind Kind { get; }

    internal ReadOnlyMemory<byte> Value { get; }

    internal long LeaseId { get; }

    internal bool IsWrite => Kind != KeyValueOperationKind.Get;

    /// <summary>Writes a value, whatever was there. Its result is the new entry.</summary>
    /// <exception cref="InvalidRequestException">The key is empty, too long, or no text.</exception>
    public static KeyValueOperation Put(string key, ReadOnlyMemory<byte> value) => Of(KeyValueOperationKind.Put, key, value);

    /// <summary>Writes a value, whatever was there, under a key that ends with a lease. Its result is the new entry.</summary>
    /// <exception cref="InvalidRequestException">The key is empty, too long, or no text.</exception>
    public static KeyValueOperation Put(string key, ReadOnlyMemory<byte> value, KeyValueLease lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        return Put(key, value, lease.Id);
    }

    internal static KeyValueOperation Put(string key, ReadOnlyMemory<byte> value, long leaseId) => Of(KeyValueOperationKind.Put, key, value, leaseId);

    /// <summary>Removes a key. Its result is the entry that was there, or null.</summary>
    /// <exception cref="InvalidRequestException">The key is empty, too long, or no text.</exception>
    public static KeyValueOperation Delete(string key) => Of(KeyValueOperationKind.Delete, key);

    /// <summary>Reads a key. Its result is the entry, or null.</summary>
    /// <exception cref="InvalidRequestException">The key is empty, too long, or no text.</exception>
    public static KeyValueOperation Get(string key) => Of(KeyValueOperationKind.Get, key);

    internal void Write(KeyValueWriter writer)
    {
        writer.Byte((byte)Kind).Key(Key);
        if (Kind == KeyValueOperationKind.Put)
        {
            writer.Int64(LeaseId).Value(Value);
        }
    }

    /// <exception cref="FormatException">The bytes are no operation.</exception>
    internal static KeyValueOperation Read(ref KeyValueReader reader)
    {
        var (kind, key) = ((KeyValueOperationKind)reader.Byte(), reader.Key());
        return kind switch
        {
            KeyValueOperationKind.Put => ReadPut(key, ref reader),
            KeyValueOperationKind.Delete or KeyValueOperationKind.Get => new(kind, key, default, 0),
            _ => throw new FormatException($"There is no operation of kind {(byte)kind}."),
        };
    }

    private static KeyValueOperation ReadPut(string key, ref KeyValueReader reader)
    {
        var leaseId = reader.Count();
        return new(KeyValueOperationKind.Put, key, reader.Value(), leaseId);
    }

    private static KeyValueOperation Of(KeyValueOperationKind kind, string key, ReadOnlyMemory<byte> value = default, long leaseId = 0)
    {
        KeyValueKey.Require(key);
        return new(kind, key, value, leaseId);
    }
}
