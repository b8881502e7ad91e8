using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using System.Threading.Channels;

namespace LifeRaft;

/// <summary>What a frame carries.</summary>
internal enum FrameKind : byte
{
    /// <summary>A message of the protocol. Nothing answers it.</summary>
    Message = 1,

    /// <summary>A number, an operation, and what it needs.</summary>
    Request = 2,

    /// <summary>The number of a request, and what came of it.</summary>
    Reply = 3,

    /// <summary>Is anybody there?</summary>
    Ping = 4,

    /// <summary>Yes.</summary>
    Pong = 5,
}

/// <summary>
/// A connection between a voter and whoever dialled it, after the first words: frames of length (4 bytes, big-endian), kind (1) and
/// content in both directions. What waits to be sent, and what one frame may hold, is bounded.
/// </summary>
internal sealed class FramedConnection(Stream stream, TimeProvider time)
{
    /// <summary>The largest frame. A table of tens of thousands of silos fits, and so does whatever a voter sends another.</summary>
    public const int MaximumFrameBytes = 32 * 1024 * 1024;

    private const int HeadBytes = sizeof(int) + 1;
    private const long MaximumQueuedBytes = 2L * MaximumFrameBytes;

    private readonly Channel<byte[]> _queue = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private long _queuedBytes;
    private long _heardAt = time.GetTimestamp();

    /// <summary>For how long nothing has arrived.</summary>
    public TimeSpan Silence => time.GetElapsedTime(Volatile.Read(ref _heardAt));

    /// <summary>Sends soon, in the order of these calls. False, and nothing is sent, when too much waits or the connection has ended.</summary>
    public bool TrySend(FrameKind kind, ReadOnlySpan<byte> content)
    {
        var bytes = HeadBytes + content.Length;
        if (content.Length >= MaximumFrameBytes || Interlocked.Add(ref _queuedBytes, bytes) > MaximumQueuedBytes)
        {
            Interlocked.Add(ref _queuedBytes, content.Length >= MaximumFrameBytes ? 0 : -bytes);
            return false;
        }

        var frame = new byte[bytes];
        BinaryPrimitives.WriteInt32BigEndian(frame, bytes - sizeof(int));
        frame[sizeof(int)] = (byte)kind;
        content.CopyTo(frame.AsSpan(HeadBytes));
        return _queue.Writer.TryWrite(frame);
    }

    /// <summary>Sends and receives until the connection ends, however that is; then nothing of it is left.</summary>
    /// <param name="received">Is given each frame, in order. What it throws ends the connection.</param>
    /// <param name="cancellationToken">Ends the connection.</param>
    public async Task Run(Action<FrameKind, ReadOnlyMemory<byte>> received, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var (writing, reading) = (Write(ending.Token), Read(received, ending.Token));
        try
        {
            await await Task.WhenAny(writing, reading);
        }
        finally
        {
            _queue.Writer.TryComplete();
            await ending.CancelAsync();
            await stream.DisposeAsync();
            await Task.WhenAll(writing, reading).ContinueWith(static ended => _ = ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private async Task Write(CancellationToken cancellationToken)
    {
        // What is waiting leaves with one write of the device.
        var pipe = PipeWriter.Create(stream, new StreamPipeWriterOptions(leaveOpen: true));
        while (await _queue.Reader.WaitToReadAsync(cancellationToken))
        {
            const int Enough = 64 * 1024;
            var written = 0;
            while (written < Enough && _queue.Reader.TryRead(out var frame))
            {
                pipe.Write(frame);
                written += frame.Length;
            }

            await pipe.FlushAsync(cancellationToken);
            Interlocked.Add(ref _queuedBytes, -written);
        }
    }

    private async Task Read(Action<FrameKind, ReadOnlyMemory<byte>> received, CancellationToken cancellationToken)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(leaveOpen: true));
        while (true)
        {
            var read = await pipe.ReadAsync(cancellationToken);
            Volatile.Write(ref _heardAt, time.GetTimestamp());
            var buffer = read.Buffer;
            while (TryTake(ref buffer, out var kind, out var content))
            {
                received(kind, content);
            }

            pipe.AdvanceTo(buffer.Start, buffer.End);
            if (read.IsCompleted)
            {
                throw new IOException("The other side has closed the connection.");
            }
        }
    }

    private static bool TryTake(ref ReadOnlySequence<byte> buffer, out FrameKind kind, out ReadOnlyMemory<byte> content)
    {
        (kind, content) = (default, default);
        var reader = new SequenceReader<byte>(buffer);
        if (!reader.TryReadBigEndian(out int length))
        {
            return false;
        }

        if (length is < 1 or > MaximumFrameBytes)
        {
            throw new FormatException($"A frame has 1 to {MaximumFrameBytes} bytes; this one would have {length}.");
        }

        if (reader.Remaining < length)
        {
            return false;
        }

        reader.TryRead(out var first);
        (kind, content) = ((FrameKind)first, reader.UnreadSequence.Slice(0, length - 1).ToArray());
        buffer = buffer.Slice(sizeof(int) + (long)length);
        return true;
    }
}
