using System.Text;
using Orleans.Serialization;

namespace LifeRaft;

/// <summary>
/// A command or query as bytes, in logs and on the wire: the version of this form (1 byte), the alias of its type (its length in 1 byte,
/// then UTF-8), and the body as Orleans' serializer writes it where the type is known.
/// </summary>
/// <param name="Alias">The alias.</param>
/// <param name="Body">The body, a part of the bytes.</param>
internal readonly record struct RequestFrame(string Alias, ReadOnlyMemory<byte> Body)
{
    private const byte Form = 1;

    // No build will write a higher one: what begins so is no request at all.
    private const byte LastForm = 15;
    private const int LongestAlias = byte.MaxValue;
    private static readonly UTF8Encoding _utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The alias under which a type of command or query is stored.</summary>
    /// <exception cref="InvalidRequestException">The type cannot be stored; the message says what it lacks.</exception>
    public static string AliasOf(Type type)
    {
        if (type.IsGenericType || type.IsInterface || type.IsAbstract)
        {
            throw new InvalidRequestException($"{type} cannot be a command or query: it is {(type.IsGenericType ? "generic" : "abstract")}, so its alias names no single type. Use a class, record or struct of its own.");
        }

        var alias = ((AliasAttribute?)Attribute.GetCustomAttribute(type, typeof(AliasAttribute), inherit: false))?.Alias;
        var lacks = string.Join(" and ", new[]
        {
            type.IsDefined(typeof(GenerateSerializerAttribute), inherit: false) ? null : "[GenerateSerializer]",
            string.IsNullOrEmpty(alias) ? $"[Alias(\"…\")], a name that never changes" : null,
        }.OfType<string>());
        return lacks.Length > 0 ? throw new InvalidRequestException($"{type} cannot be a command or query: it lacks {lacks}. It is stored in logs that a later build of the type must read.")
            : _utf8.GetByteCount(alias!) > LongestAlias ? throw new InvalidRequestException($"The alias of {type} is longer than {LongestAlias} bytes.")
            : alias!;
    }

    public static byte[] Encode(string alias, object request, ObjectSerializer serializer)
    {
        using var bytes = new MemoryStream();
        var name = _utf8.GetBytes(alias);
        bytes.WriteByte(Form);
        bytes.WriteByte((byte)name.Length);
        bytes.Write(name);
        try
        {
            serializer.Serialize(request, bytes, request.GetType());
        }
        catch (CodecNotFoundException failure)
        {
            throw new InvalidRequestException($"A {request.GetType()} cannot be sent: {failure.Message}");
        }

        return bytes.ToArray();
    }

    /// <summary>Reads a request.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <param name="frame">The request.</param>
    /// <param name="newer">What they are, if a newer build may read them; null if they are no request.</param>
    public static bool TryDecode(ReadOnlyMemory<byte> bytes, out RequestFrame frame, out string? newer)
    {
        frame = default;
        newer = null;
        if (bytes.Length > 0 && bytes.Span[0] is > Form and <= LastForm)
        {
            newer = $"a request of form {bytes.Span[0]}";
            return false;
        }

        if (bytes.Length < 2 || bytes.Span[0] != Form || bytes.Length < 2 + bytes.Span[1])
        {
            return false;
        }

        var length = bytes.Span[1];
        try
        {
            frame = new RequestFrame(_utf8.GetString(bytes.Span.Slice(2, length)), bytes[(2 + length)..]);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
