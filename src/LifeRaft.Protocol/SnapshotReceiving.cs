namespace LifeRaft.Protocol;

/// <summary>A snapshot that arrives in parts. It survives a change of leader: who sends the same content goes on where the other ended.</summary>
internal sealed class SnapshotReceiving(SnapshotHeader header)
{
    private readonly Dictionary<long, SnapshotRequest> _early = [];
    private bool _isWhole;

    public SnapshotHeader Header => header;

    /// <summary>So many bytes were handed to the disk, in order.</summary>
    public long Expected { get; private set; }

    /// <summary>So many bytes are stored. Invariant: at most <see cref="Expected"/>.</summary>
    public long Stored { get; set; }

    /// <summary>Takes a part and whatever waited for it; false when it is no use now.</summary>
    public bool TryTake(SnapshotRequest part, int maximumEarly, List<SnapshotPart> taken)
    {
        if (part.Offset > Expected && _early.Count < maximumEarly && _early.TryAdd(part.Offset, part))
        {
            return true;
        }

        var isNext = part.Offset == Expected && !_isWhole && (part.Data.Length > 0 || header.Bytes == 0);
        if (!isNext)
        {
            return false;
        }

        for (SnapshotRequest? next = part; next is not null; _early.Remove(Expected, out next))
        {
            taken.Add(new SnapshotPart(header, next.Offset, next.Data));
            Expected = next.End;
        }

        _isWhole = Expected == header.Bytes;
        return true;
    }
}
