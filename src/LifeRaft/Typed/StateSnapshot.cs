using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using Orleans.Serialization;

namespace LifeRaft;

/// <summary>
/// The state of a typed machine as bytes: the version of this form (1 byte), the time that handlers have seen (8 bytes, ticks of UTC), the
/// aliases of the commands that were ever applied (how many in 4 bytes; each with its length in 1 byte and UTF-8), and the state as
/// Orleans' serializer writes it, in pieces of known length, the last of which is empty: so the state is written while it is serialized,
/// and what follows the snapshot in the stream is left alone. Numbers are little-endian.
/// </summary>
/// <param name="Time">The time that handlers have seen.</param>
/// <param name="Applied">The aliases.</param>
/// <param name="State">The state.</param>
internal sealed record StateSnapshot<TState>(DateTimeOffset Time, ImmutableSortedSet<string> Applied, TState State)
    where TState : class
{
    private const byte Form = 1;
    private const int PieceBytes = 64 * 1024;
    private const int MostAliases = 1_000_000;

    public void Write(Stream destination, Serializer serializer)
    {
        using (var head = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true))
        {
            head.Write(Form);
            head.Write(Time.UtcTicks);
            head.Write(Applied.Count);
            foreach (var alias in Applied)
            {
                var name = Encoding.UTF8.GetBytes(alias);
                head.Write(checked((byte)name.Length));
                head.Write(name);
            }
        }

        using var pieces = new PieceStream(destination, PieceBytes);
        serializer.Serialize(State, pieces);
    }

    /// <exception cref="FormatException">The bytes are no snapshot, or one of another form, or of another state.</exception>
    public static StateSnapshot<TState> Read(Stream source, Serializer serializer)
    {
        try
        {
            using var head = new BinaryReader(source, Encoding.UTF8, leaveOpen: true);
            var form = head.ReadByte();
            if (form != Form)
            {
                throw new FormatException(form > Form
                    ? $"The snapshot has form {form}, and this build knows form {Form}: upgrade this silo."
                    : "The bytes are no snapshot of a typed machine.");
            }

            var time = new DateTimeOffset(head.ReadInt64(), TimeSpan.Zero);
            var count = head.ReadInt32();
            var applied = ImmutableSortedSet.CreateBuilder<string>(StringComparer.Ordinal);
            for (var i = 0; i < (count is >= 0 and <= MostAliases ? count : throw new FormatException($"It cannot have {count} commands.")); i++)
            {
                applied.Add(Encoding.UTF8.GetString(Exactly(head, head.ReadByte())));
            }

            return new StateSnapshot<TState>(time, applied.ToImmutable(), serializer.Deserialize<TState>(Pieces(source)) ?? throw new FormatException("It is nothing."));
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or FormatException))
        {
            throw new FormatException($"The snapshot holds no {typeof(TState)} that this build can read: {failure.Message}", failure);
        }
    }

    private static byte[] Exactly(BinaryReader reader, int count) =>
        reader.ReadBytes(count) is var bytes && bytes.Length == count ? bytes : throw new EndOfStreamException();

    /// <summary>The pieces as one sequence: Orleans' serializer goes back in what it reads, which a stream cannot.</summary>
    private static ReadOnlySequence<byte> Pieces(Stream source)
    {
        var first = new Piece();
        var last = first;
        var length = new byte[sizeof(int)];
        while (true)
        {
            source.ReadExactly(length);
            var count = BinaryPrimitives.ReadInt32LittleEndian(length);
            if (count == 0)
            {
                return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
            }

            var bytes = count is > 0 and <= PieceBytes ? new byte[count] : throw new FormatException($"A piece of the snapshot cannot have {count} bytes.");
            source.ReadExactly(bytes);
            last = last.Append(bytes);
        }
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece Append(byte[] bytes)
        {
            var next = new Piece { Memory = bytes, RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
