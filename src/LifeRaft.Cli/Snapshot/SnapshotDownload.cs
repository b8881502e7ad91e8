using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Cli;

/// <summary>Gets the snapshot of a node, part by part.</summary>
internal sealed class SnapshotDownload(IRaftRequests node)
{
    /// <returns>What was written; null if the node gave the snapshot up for another one meanwhile.</returns>
    /// <exception cref="InvalidDataException">What came is not what the node says that it holds.</exception>
    public async Task<SnapshotFileHeader?> To(
        SnapshotFileWriter file, Func<SnapshotHeader, SnapshotFileHeader> describe, Action<long, long> progress, CancellationToken cancellationToken)
    {
        var piece = await node.ReadSnapshot(LogIndex.Zero, 0).AsTask().WaitAsync(cancellationToken);
        if (piece.Header.IsEmpty)
        {
            return null;
        }

        var header = SnapshotHeaderCodec.Decode(piece.Header);
        var described = describe(header);
        await file.Write(SnapshotFileForm.Head(described), cancellationToken);
        using var checksum = new ChecksumStream(Stream.Null);
        var offset = 0L;
        while (true)
        {
            checksum.Write(piece.Part.Span);
            await file.Write(piece.Part, cancellationToken);
            offset += piece.Part.Length;
            progress(offset, header.Bytes);
            if (offset >= header.Bytes)
            {
                return checksum.Damage(header) is { } damage ? throw new InvalidDataException($"The {header} is damaged: {damage}. Save from another node with --node.") : described;
            }

            piece = await node.ReadSnapshot(header.Index, offset).AsTask().WaitAsync(cancellationToken);
            if (piece.Part.IsEmpty || !SnapshotHeaderCodec.Decode(piece.Header).HasSameContent(header))
            {
                return null;
            }
        }
    }
}
