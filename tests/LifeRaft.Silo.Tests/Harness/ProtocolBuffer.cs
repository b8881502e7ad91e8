using System.Buffers.Binary;
using System.Text;

namespace LifeRaft.Silo.Tests;

/// <summary>
/// The fields of one message of protocol buffers, read without its schema: no package that could be restored has OpenTelemetry's classes, and
/// a handful of field numbers do not need a compiler of their own.
/// </summary>
internal sealed class ProtocolBuffer
{
    private readonly List<(int Number, ReadOnlyMemory<byte> Content)> _fields = [];

    /// <exception cref="FormatException">The bytes are no such message.</exception>
    public ProtocolBuffer(ReadOnlyMemory<byte> message)
    {
        for (var rest = message; !rest.IsEmpty;)
        {
            var tag = Whole(ref rest);
            var length = (tag & 7) switch
            {
                0 => LengthOfWhole(rest),
                1 => sizeof(ulong),
                2 => checked((int)Whole(ref rest)),
                5 => sizeof(uint),
                var other => throw new FormatException($"There is no wire type {other}."),
            };
            if (length > rest.Length)
            {
                throw new FormatException($"Field {tag >> 3} has {length} bytes, but only {rest.Length} are left.");
            }

            _fields.Add(((int)(tag >> 3), rest[..length]));
            rest = rest[length..];
        }
    }

    public IEnumerable<ProtocolBuffer> Messages(int number) => Contents(number).Select(content => new ProtocolBuffer(content));

    public IEnumerable<string> Texts(int number) => Contents(number).Select(content => Encoding.UTF8.GetString(content.Span));

    /// <summary>Numbers of a fixed size, as a count of 64 bits.</summary>
    public IEnumerable<long> Fixed(int number) => Contents(number).Select(content => BinaryPrimitives.ReadInt64LittleEndian(content.Span));

    private IEnumerable<ReadOnlyMemory<byte>> Contents(int number) => _fields.Where(field => field.Number == number).Select(field => field.Content);

    private static ulong Whole(ref ReadOnlyMemory<byte> rest)
    {
        var length = LengthOfWhole(rest);
        ulong value = 0;
        for (var i = 0; i < length; i++)
        {
            value |= (ulong)(rest.Span[i] & 0x7F) << (7 * i);
        }

        rest = rest[length..];
        return value;
    }

    private static int LengthOfWhole(ReadOnlyMemory<byte> rest)
    {
        var last = rest.Span[..Math.Min(rest.Length, 10)].IndexOfAnyInRange((byte)0, (byte)0x7F);
        return last < 0 ? throw new FormatException("A number does not end.") : last + 1;
    }
}
