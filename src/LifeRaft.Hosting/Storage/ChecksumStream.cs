using System.IO.Hashing;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// Passes the content of a snapshot on, and counts and hashes what passes. Every store uses it, so that all of them mean the same by
/// <see cref="SnapshotHeader.Bytes"/> and <see cref="SnapshotHeader.Checksum"/>. It does not own the stream behind it.
/// </summary>
public sealed class ChecksumStream(Stream inner) : Stream
{
    private readonly XxHash64 _hash = new();
    private long _bytes;

    /// <summary>What has passed so far.</summary>
    public SnapshotContent Content => new(_bytes, _hash.GetCurrentHashAsUInt64());

    /// <summary>Why the stream behind it could not be read or written, if so: a failure of the device, not of whoever uses it.</summary>
    public Exception? Failure { get; private set; }

    /// <inheritdoc/>
    public override bool CanRead => inner.CanRead;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => inner.CanWrite;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException("The content of a snapshot passes once; its length is in the header.");

    /// <inheritdoc/>
    public override long Position
    {
        get => _bytes;
        set => throw new NotSupportedException("The content of a snapshot passes once.");
    }

    /// <summary>What is wrong with what has passed, compared with the header; null when it is the whole content.</summary>
    public string? Damage(SnapshotHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        var content = Content;
        return content.Bytes != header.Bytes ? $"it has {content.Bytes} bytes instead of {header.Bytes}"
            : content.Checksum != header.Checksum ? $"its checksum is {content.Checksum:x16} instead of {header.Checksum:x16}"
            : null;
    }

    /// <summary>Lets everything pass that is left.</summary>
    public void ReadToEnd()
    {
        Span<byte> rest = stackalloc byte[4096];
        while (Read(rest) > 0)
        {
        }
    }

    /// <inheritdoc/>
    public override int Read(Span<byte> buffer)
    {
        try
        {
            var read = inner.Read(buffer);
            Pass(buffer[..read]);
            return read;
        }
        catch (Exception failure) when (Note(failure))
        {
            throw;
        }
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            inner.Write(buffer);
            Pass(buffer);
        }
        catch (Exception failure) when (Note(failure))
        {
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Flush()
    {
        try
        {
            inner.Flush();
        }
        catch (Exception failure) when (Note(failure))
        {
            throw;
        }
    }

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The content of a snapshot passes once.");

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException("The content of a snapshot passes once.");

    private bool Note(Exception failure)
    {
        Failure ??= failure is OutOfMemoryException ? null : failure;
        return true;
    }

    private void Pass(ReadOnlySpan<byte> bytes)
    {
        _hash.Append(bytes);
        _bytes += bytes.Length;
    }
}
