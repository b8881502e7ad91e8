using Orleans.Storage;

namespace LifeRaft.Hosting;

/// <summary>
/// A state as the value of its key: what it is (1 byte), which write wrote it (16 bytes), and the serialized state. By the id a writer
/// recognises its own write whose outcome it was not told.
/// </summary>
/// <param name="IsCleared">Whether it only says that the state was cleared.</param>
/// <param name="Write">The write.</param>
/// <param name="Bytes">The serialized state.</param>
internal readonly record struct StoredState(bool IsCleared, Guid Write, ReadOnlyMemory<byte> Bytes)
{
    private const byte State = 1;
    private const byte Cleared = 2;
    private const int Head = 17;

    public byte[] Encode()
    {
        var value = new byte[Head + Bytes.Length];
        value[0] = IsCleared ? Cleared : State;
        Write.TryWriteBytes(value.AsSpan(1));
        Bytes.Span.CopyTo(value.AsSpan(Head));
        return value;
    }

    /// <exception cref="BadProviderConfigException">The entry was not written by a grain storage of a version that this one knows.</exception>
    public static StoredState Decode(KeyValueEntry entry) => entry.Value.Length >= Head && entry.Value.Span[0] is State or Cleared
        ? new StoredState(entry.Value.Span[0] == Cleared, new Guid(entry.Value.Span[1..Head]), entry.Value[Head..])
        : throw new BadProviderConfigException($"The value of '{entry.Key}' is no grain state that this version can read: update the silo, or look who else writes to the group.");
}
