namespace LifeRaft.Protocol;

/// <summary>
/// A snapshot on its way to one follower: a window of parts, several ahead of the answers. A loss shows when answers to heartbeats
/// come and the parts make no way; then one part at a time asks how far the follower is, until it answers.
/// </summary>
internal sealed class SnapshotSending(SnapshotHeader header)
{
    /// <summary>So many answered heartbeats without progress count as a loss.</summary>
    private const int PatienceInHeartbeats = 3;

    private int _heartbeatsWithoutProgress;
    private bool _isAsking;
    private bool _hasBegun;

    public SnapshotHeader Header => header;

    /// <summary>The follower has so many bytes.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>The same, as a share of 1.</summary>
    public double Share => header.Bytes == 0 ? 1 : (double)Acknowledged / header.Bytes;

    /// <summary>Where the next part begins.</summary>
    private long Next { get; set; }

    /// <summary>The next part to read and send, or null when there is none or the window is full.</summary>
    public (long Offset, int Bytes)? TakePart(int partBytes, int maximumInFlight)
    {
        var window = _isAsking ? partBytes : (long)partBytes * maximumInFlight;
        if ((_hasBegun && Next >= header.Bytes) || Next - Acknowledged >= window)
        {
            return null;
        }

        var part = (Next, (int)Math.Min(partBytes, header.Bytes - Next));
        Next += part.Item2;
        _hasBegun = true;
        return part;
    }

    public void Answered(long offset, bool isGap)
    {
        if (offset > Acknowledged)
        {
            Acknowledged = offset;
            Next = Math.Max(Next, offset);
            _isAsking = false;
        }
        else if (isGap)
        {
            // A later part arrived and this one did not, or the follower lost what it had: from there again.
            Acknowledged = Next = offset;
            _hasBegun = offset > 0;
        }

        _heartbeatsWithoutProgress = 0;
    }

    public void HeardHeartbeat()
    {
        if (++_heartbeatsWithoutProgress >= PatienceInHeartbeats)
        {
            _heartbeatsWithoutProgress = 0;
            _isAsking = true;
            _hasBegun = false;

            // When everything was answered the follower is loading, or has started anew: the last byte asks which.
            Next = Acknowledged < header.Bytes ? Acknowledged : Math.Max(0, header.Bytes - 1);
        }
    }
}
