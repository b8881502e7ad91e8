using System.Buffers.Binary;
using System.Text;
using Orleans.Serialization;

namespace LifeRaft;

/// <summary>
/// What came of a command or query, as bytes: the version of this form (1 byte), what it is (1 byte), and the value as Orleans' serializer
/// writes it. Of an exception: its description (its length in 4 bytes, little-endian, then UTF-8), and the exception as Orleans'
/// serializer writes it, if it can. Sessions remember these bytes and snapshots hold them, so they are the same on every member.
/// </summary>
internal static class ResultFrame
{
    private const byte Form = 1;
    private const byte Value = 0;
    private const byte Thrown = 1;

    public static ReadOnlyMemory<byte> Nothing { get; } = new[] { Form, Value };

    public static ReadOnlyMemory<byte> Of<T>(T value, Serializer serializer) => Write(Value, null, value, serializer);

    /// <summary>
    /// An exception as the caller will see it: as itself where it has a serializer or is one of the framework's, otherwise by its type's
    /// name and message.
    /// </summary>
    public static ReadOnlyMemory<byte> OfThrown(Exception failure, Serializer serializer)
    {
        var description = Encoding.UTF8.GetBytes($"{failure.GetType().FullName}: {failure.Message}");
        try
        {
            if (ExceptionTrace.TryRemove(failure))
            {
                return Write(Thrown, description, failure, serializer);
            }
        }
        catch (Exception unwritten) when (unwritten is not OutOfMemoryException)
        {
            // It, or something that it holds, has no serializer.
        }

        return new[] { Form, Thrown }.Concat(Head(description)).Concat(description).ToArray();
    }

    /// <summary>The value; or it throws what the handler threw.</summary>
    /// <exception cref="FormatException">The bytes are no result of a typed machine, or not one of this type.</exception>
    public static T Read<T>(ReadOnlyMemory<byte> bytes, Serializer serializer)
    {
        var body = Body(bytes, serializer);
        try
        {
            return serializer.Deserialize<T>(body)!; // Null where the handler returned it.
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            throw new FormatException($"The result is no {typeof(T)}: {failure.Message} Are client and silos of builds that fit?", failure);
        }
    }

    /// <summary>Throws what the handler threw, if it did.</summary>
    public static void Require(ReadOnlyMemory<byte> bytes, Serializer serializer) => Body(bytes, serializer);

    private static ReadOnlyMemory<byte> Body(ReadOnlyMemory<byte> bytes, Serializer serializer)
    {
        if (bytes.Length < 2 || bytes.Span[0] != Form || bytes.Span[1] > Thrown)
        {
            throw new FormatException(bytes.Length >= 2 && bytes.Span[0] > Form
                ? $"The silo answered in form {bytes.Span[0]}, and this client knows form {Form}: update the client."
                : $"An answer of {bytes.Length} bytes is none of a typed machine. Does the group replicate one?");
        }

        var body = bytes[2..];
        return bytes.Span[1] == Value ? body : throw Exception(body, serializer);
    }

    private static Exception Exception(ReadOnlyMemory<byte> body, Serializer serializer)
    {
        var length = body.Length < sizeof(int) ? -1 : BinaryPrimitives.ReadInt32LittleEndian(body.Span);
        if (length < 0 || length > body.Length - sizeof(int))
        {
            return new FormatException($"An answer of {body.Length} bytes is no exception of a typed machine.");
        }

        var (description, written) = (body.Slice(sizeof(int), length), body[(sizeof(int) + length)..]);
        try
        {
            if (!written.IsEmpty && serializer.Deserialize<Exception>(written) is { } failure and not UnavailableExceptionFallbackException)
            {
                return failure;
            }
        }
        catch (Exception unread) when (unread is not OutOfMemoryException)
        {
            // The client lacks the type, or something that it holds.
        }

        return new CommandFailedException(Encoding.UTF8.GetString(description.Span));
    }

    private static byte[] Write<T>(byte kind, byte[]? description, T value, Serializer serializer)
    {
        using var bytes = new MemoryStream();
        bytes.WriteByte(Form);
        bytes.WriteByte(kind);
        if (description is not null)
        {
            bytes.Write(Head(description));
            bytes.Write(description);
        }

        serializer.Serialize(value, bytes);
        return bytes.ToArray();
    }

    private static byte[] Head(byte[] description)
    {
        var head = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(head, description.Length);
        return head;
    }
}
