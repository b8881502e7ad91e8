using System.Buffers.Binary;

namespace LifeRaft;

/// <summary>Writes what is written to it in pieces, each behind its length (4 bytes); an empty one when it is disposed of.</summary>
internal sealed class PieceStream(Stream destination, int pieceBytes) : Stream
{
    private readonly byte[] _piece = new byte[sizeof(int) + pieceBytes];
    private int _count;
    private long _written;
    private bool _isOver;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _written;

    public override long Position
    {
        get => _written;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _written += buffer.Length;
        while (!buffer.IsEmpty)
        {
            var room = _piece.AsSpan(sizeof(int) + _count);
            var part = buffer[..Math.Min(room.Length, buffer.Length)];
            part.CopyTo(room);
            _count += part.Length;
            buffer = buffer[part.Length..];
            if (part.Length == room.Length)
            {
                WritePiece();
            }
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Pieces are as long as they can be: equal states are to be equal bytes, however they are flushed.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_isOver)
        {
            _isOver = true;
            if (_count > 0)
            {
                WritePiece();
            }

            WritePiece();
        }

        base.Dispose(disposing);
    }

    private void WritePiece()
    {
        BinaryPrimitives.WriteInt32LittleEndian(_piece, _count);
        destination.Write(_piece, 0, sizeof(int) + _count);
        _count = 0;
    }
}
