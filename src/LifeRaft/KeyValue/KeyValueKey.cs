using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LifeRaft;

/// <summary>The keys of a key-value machine: 1 to 1024 bytes of UTF-8.</summary>
internal static class KeyValueKey
{
    public const int MaximumBytes = 1024;

    public const int MaximumEncodedLength = sizeof(ushort) + MaximumBytes;

    // Strict: what is no Unicode text would otherwise be replaced silently, and two keys become one.
    private static readonly UTF8Encoding Text = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="InvalidRequestException">It cannot be a key.</exception>
    public static void Require([NotNull] string? key)
    {
        ArgumentNullException.ThrowIfNull(key);
        RequireText(key, "A key");
        if (key.Length == 0 || Text.GetByteCount(key) > MaximumBytes)
        {
            throw new InvalidRequestException($"A key has 1 to {MaximumBytes} bytes of UTF-8, but this one has {Text.GetByteCount(key)}. Shorten it, or hash it.");
        }
    }

    /// <exception cref="InvalidRequestException">No key can begin so.</exception>
    public static void RequirePrefix(string prefix)
    {
        ArgumentNullException.ThrowIfNull(prefix);
        RequireText(prefix, "A prefix");
        if (Text.GetByteCount(prefix) > MaximumBytes)
        {
            throw new InvalidRequestException($"A prefix has at most {MaximumBytes} bytes of UTF-8, but this one has {Text.GetByteCount(prefix)}. No key is so long.");
        }
    }

    public static int EncodedLength(string key) => sizeof(ushort) + Text.GetByteCount(key);

    /// <summary>Writes length and text; returns what is left of the destination.</summary>
    public static Span<byte> Write(string key, Span<byte> destination)
    {
        var length = Text.GetBytes(key, destination[sizeof(ushort)..]);
        BinaryPrimitives.WriteUInt16LittleEndian(destination, (ushort)length);
        return destination[(sizeof(ushort) + length)..];
    }

    /// <summary>Reads a key.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static string Read(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> rest)
    {
        var key = ReadPrefix(bytes, out rest);
        return key.Length > 0 ? key : throw new FormatException($"A key is empty; it must have 1 to {MaximumBytes} bytes.");
    }

    /// <summary>Reads a text that may be empty, and otherwise is like a key.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static string ReadPrefix(ReadOnlyMemory<byte> bytes, out ReadOnlyMemory<byte> rest)
    {
        if (bytes.Length < sizeof(ushort))
        {
            throw new FormatException("The bytes end before the length of a key.");
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes.Span);
        bytes = bytes[sizeof(ushort)..];
        if (length > MaximumBytes || length > bytes.Length)
        {
            throw new FormatException($"A key claims {length} bytes; at most {MaximumBytes} are allowed, and {bytes.Length} follow.");
        }

        rest = bytes[length..];
        return Decode(bytes.Span[..length]);
    }

    /// <exception cref="FormatException">The bytes are no text.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return Text.GetString(bytes);
        }
        catch (DecoderFallbackException failure)
        {
            throw new FormatException($"The {bytes.Length} bytes of a key are not UTF-8.", failure);
        }
    }

    private static void RequireText(string text, string what)
    {
        try
        {
            Text.GetByteCount(text);
        }
        catch (EncoderFallbackException failure)
        {
            throw new InvalidRequestException($"{what} must be Unicode text, but has half of a surrogate pair at position {failure.Index}. Escape or encode it first.");
        }
    }
}
