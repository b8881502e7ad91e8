using System.Buffers.Binary;

namespace LifeRaft;

internal enum KeyValueQueryKind : byte
{
    Get = 1,
    CountApplied = 2,
    List = 3,
}

/// <summary>A question: kind (1 byte); for a get the key; for a list the prefix and the key after which it begins, both possibly empty.</summary>
/// <param name="Kind">What is asked.</param>
/// <param name="Key">The key, or the prefix of the keys to list.</param>
/// <param name="After">For a list: the last key of the page before.</param>
internal readonly record struct KeyValueQuery(KeyValueQueryKind Kind, string Key = "", string After = "")
{
    public byte[] Encode()
    {
        if (Kind == KeyValueQueryKind.CountApplied)
        {
            return [(byte)Kind];
        }

        var afterLength = Kind == KeyValueQueryKind.List ? KeyValueKey.EncodedLength(After) : 0;
        var bytes = new byte[1 + KeyValueKey.EncodedLength(Key) + afterLength];
        bytes[0] = (byte)Kind;
        var rest = KeyValueKey.Write(Key, bytes.AsSpan(1));
        if (Kind == KeyValueQueryKind.List)
        {
            KeyValueKey.Write(After, rest);
        }

        return bytes;
    }

    /// <exception cref="FormatException">The bytes are no query.</exception>
    public static KeyValueQuery Decode(ReadOnlyMemory<byte> bytes)
    {
        var kind = bytes.IsEmpty ? default : (KeyValueQueryKind)bytes.Span[0];
        var rest = bytes.IsEmpty ? bytes : bytes[1..];
        KeyValueQuery query = kind switch
        {
            KeyValueQueryKind.Get => new(kind, KeyValueKey.Read(rest, out rest)),
            KeyValueQueryKind.CountApplied => new(kind),
            KeyValueQueryKind.List => new(kind, KeyValueKey.ReadPrefix(rest, out rest), KeyValueKey.ReadPrefix(rest, out rest)),
            _ => throw new FormatException($"A query of {bytes.Length} bytes and kind {(byte)kind} is none of a key-value machine; 1, 2 and 3 are."),
        };
        return rest.IsEmpty ? query : throw new FormatException($"A query goes on for {rest.Length} bytes after its end.");
    }
}
