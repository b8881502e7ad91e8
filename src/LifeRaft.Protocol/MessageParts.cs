using System.Buffers.Binary;

namespace LifeRaft.Protocol;

/// <summary>
/// A message as it travels, in the parts that it has already: what is for this receiver, then each entry behind its length of 4 bytes,
/// big-endian. The entries were encoded when they were proposed, for every receiver alike, so who writes to a link writes part after part
/// and nobody puts them together first.
/// </summary>
public readonly struct MessageParts
{
    internal MessageParts(byte[] head, IReadOnlyList<LogEntry> entries)
    {
        (Head, Entries, Length) = (head, entries, head.Length);
        for (var i = 0; i < entries.Count; i++)
        {
            Length += sizeof(int) + entries[i].Encoded.Length;
        }
    }

    /// <summary>A message that was put together elsewhere, and is passed on.</summary>
    public static MessageParts OfOnePiece(byte[] message) => new(message, []);

    /// <summary>What comes before the entries: all of a message that carries none.</summary>
    public byte[] Head { get; }

    /// <summary>The entries that follow.</summary>
    public IReadOnlyList<LogEntry> Entries { get; }

    /// <summary>How many bytes it is in all.</summary>
    public int Length { get; }

    /// <summary>The message in one piece, as <see cref="MessageCodec.Decode"/> reads it.</summary>
    public byte[] ToArray()
    {
        if (Entries.Count == 0)
        {
            return Head;
        }

        var bytes = new byte[Length];
        Head.CopyTo(bytes, 0);
        var rest = bytes.AsSpan(Head.Length);
        for (var i = 0; i < Entries.Count; i++)
        {
            var entry = Entries[i].Encoded.Span;
            BinaryPrimitives.WriteInt32BigEndian(rest, entry.Length);
            entry.CopyTo(rest[sizeof(int)..]);
            rest = rest[(sizeof(int) + entry.Length)..];
        }

        return bytes;
    }
}
