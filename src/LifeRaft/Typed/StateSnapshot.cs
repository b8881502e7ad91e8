using System.Buffers;
using System.Buffers.Binary;
using Orleans.Serialization;

namespace LifeRaft;

/// <summary>
/// The state of a typed machine as bytes: the version of this form (1 byte), the time that handlers have seen (8 bytes, ticks of UTC), and
/// the state as Orleans' serializer writes it, in pieces of known length, the last of which is empty: so the state is written while it is
/// serialized, and what follows the snapshot in the stream is left alone.
/// </summary>
internal static class StateSnapshot
{
    private const byte Form = 1;
    private const int PieceBytes = 64 * 1024;

    public static void Write<TState>(Stream destination, DateTimeOffset time, TState state, Serializer serializer)
    {
        Span<byte> head = stackalloc byte[1 + sizeof(long)];
        head[0] = Form;
        BinaryPrimitives.WriteInt64LittleEndian(head[1..], time.UtcTicks);
        destination.Write(head);
        using (var pieces = new PieceStream(destination, PieceBytes))
        {
            serializer.Serialize(state, pieces);
        }
    }

    /// <exception cref="FormatException">The bytes are no snapshot, or one of another form, or of another state.</exception>
    public static (DateTimeOffset Time, TState State) Read<TState>(Stream source, Serializer serializer)
        where TState : class
    {
        var head = new byte[1 + sizeof(long)];
        try
        {
            source.ReadExactly(head);
            if (head[0] != Form)
            {
                throw new FormatException(head[0] > Form
                    ? $"The snapshot has form {head[0]}, and this build knows form {Form}: upgrade this silo."
                    : "The bytes are no snapshot of a typed machine.");
            }

            var time = new DateTimeOffset(BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(1)), TimeSpan.Zero);
            return (time, serializer.Deserialize<TState>(Pieces(source)) ?? throw new FormatException("It is nothing."));
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or FormatException))
        {
            throw new FormatException($"The snapshot holds no {typeof(TState)} that this build can read: {failure.Message}", failure);
        }
    }

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
