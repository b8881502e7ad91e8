using System.Buffers;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>The contents of one node's snapshots in memory: the one in force, one that was completed for it to follow, and one that is being received.</summary>
internal sealed class MemorySnapshots
{
    private readonly Lock _gate = new();

    // Guarded by _gate.
    private readonly Dictionary<(LogPosition Position, ulong Checksum), byte[]> _complete = [];
    private ArrayBufferWriter<byte> _receiving = new();

    /// <param name="position">What the snapshot is of.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="claim">Who asks; null when the caller sees to it that older claims do not. It is looked at when nobody else can come between.</param>
    internal SnapshotContent Write(LogPosition position, Action<Stream> write, NodeClaim? claim = null)
    {
        using var bytes = new MemoryStream();
        using var content = new ChecksumStream(bytes);
        write(content);
        lock (_gate)
        {
            ThrowIfLost(claim);
            _complete[(position, content.Content.Checksum)] = bytes.ToArray();
        }

        return content.Content;
    }

    internal void WritePart(SnapshotHeader snapshot, long offset, ReadOnlySpan<byte> part, NodeClaim? claim = null)
    {
        lock (_gate)
        {
            ThrowIfLost(claim);
            if (offset == 0)
            {
                _receiving = new ArrayBufferWriter<byte>();
            }

            if (offset != _receiving.WrittenCount)
            {
                throw new LogStoreException($"A part of the {snapshot} begins at {offset}, but {_receiving.WrittenCount} bytes were received.");
            }

            _receiving.Write(part);
            if (_receiving.WrittenCount >= snapshot.Bytes)
            {
                Complete(snapshot, _receiving.WrittenSpan.ToArray());
            }
        }
    }

    internal void Read(SnapshotHeader snapshot, Action<Stream> read)
    {
        using var content = new ChecksumStream(new MemoryStream(Find(snapshot) ?? throw new LogStoreCorruptException($"The {snapshot} is missing in memory."), writable: false));
        read(content);
        content.ReadToEnd();
        if (content.Damage(snapshot) is { } damage)
        {
            throw new LogStoreCorruptException($"The {snapshot} in memory is damaged: {damage}.");
        }
    }

    internal ReadOnlyMemory<byte> ReadPart(SnapshotHeader snapshot, long offset, int maxBytes)
    {
        var content = Find(snapshot) ?? throw new SnapshotGoneException($"The {snapshot} has given way to a newer one.");
        var begin = (int)Math.Min(offset, content.Length);
        return content.AsMemory(begin, Math.Min(maxBytes, content.Length - begin));
    }

    /// <summary>The snapshot is in force: older ones have had their time. A newer one may be about to follow it.</summary>
    internal void DropOlderThan(SnapshotHeader snapshot)
    {
        lock (_gate)
        {
            foreach (var key in _complete.Keys.Where(key => key.Position.Index <= snapshot.Index && key != (snapshot.Position, snapshot.Checksum)).ToList())
            {
                _complete.Remove(key);
            }
        }
    }

    /// <summary>Whatever is not in force was begun under an older claim, and is dropped.</summary>
    internal void Reclaim(SnapshotHeader? inForce)
    {
        lock (_gate)
        {
            _receiving = new ArrayBufferWriter<byte>();
            foreach (var key in _complete.Keys.Where(key => inForce is null || key != (inForce.Position, inForce.Checksum)).ToList())
            {
                _complete.Remove(key);
            }
        }
    }

    private static void ThrowIfLost(NodeClaim? claim)
    {
        if (claim?.Loss() is { } lost)
        {
            throw lost;
        }
    }

    private void Complete(SnapshotHeader snapshot, byte[] bytes)
    {
        _receiving = new ArrayBufferWriter<byte>();
        using var content = new ChecksumStream(new MemoryStream(bytes, writable: false));
        content.ReadToEnd();
        if (content.Damage(snapshot) is { } damage)
        {
            throw new SnapshotDamagedException($"The {snapshot} that was received is damaged: {damage}.");
        }

        _complete[(snapshot.Position, snapshot.Checksum)] = bytes;
    }

    private byte[]? Find(SnapshotHeader snapshot)
    {
        lock (_gate)
        {
            return _complete.GetValueOrDefault((snapshot.Position, snapshot.Checksum));
        }
    }
}
