namespace LifeRaft.Protocol;

/// <summary>Taking snapshots, compacting the log behind them, and sending them (Raft paper, 7).</summary>
public sealed partial class RaftNode
{
    /// <summary>Reads of entries that the host has not answered. What they ask for must not be compacted away meanwhile.</summary>
    private readonly List<LogRead> _outstandingReads = [];

    /// <summary>The newest snapshot, whose content the host has on disk.</summary>
    private SnapshotHeader? _snapshot;

    /// <summary>What the next write says about the snapshot.</summary>
    private SnapshotWrite? _snapshotToPersist;

    private readonly List<SnapshotRead> _snapshotReads = [];

    /// <summary>The snapshot in force, or about to be.</summary>
    public SnapshotHeader? LatestSnapshot => _snapshot;

    /// <summary>The last entry that is on the disk.</summary>
    public LogIndex DurableIndex => _log.Durable;

    /// <summary>The entry before the first one of the log.</summary>
    public LogPosition LogBase => _log.Base;

    /// <summary>
    /// Whether a follower is being sent a snapshot. A new one would take the place of the one that is being sent, which would have to
    /// begin anew: it had better wait.
    /// </summary>
    public bool IsSendingSnapshot => _role is LeaderRole leader && leader.Followers.Values.Any(follower => follower.Snapshot is not null && IsHeard(follower));

    /// <summary>What a snapshot of the state machine taken now would be of; null when there is nothing new, or another is being installed.</summary>
    public SnapshotPoint? PointOfSnapshot() =>
        _end is null && _applied > (_snapshot?.Index ?? LogIndex.Zero) && !IsInstalling
            ? new SnapshotPoint(new LogPosition(_applied, _log.TermAt(_applied)), _configurations.AtApplied.Index, _configurations.AtApplied.Configuration)
            : null;

    /// <summary>The content of a snapshot is complete and durable. The log is compacted behind it, except for a tail.</summary>
    public void SnapshotTaken(SnapshotHeader header, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (!Begin(now) || header.Index <= (_snapshot?.Index ?? LogIndex.Zero))
        {
            return; // A newer one was installed meanwhile (raft-scenarios 39).
        }

        if (header.Index > _applied || _log.TermAt(header.Index) != header.Term)
        {
            throw new RaftInvariantException($"A {header} was taken, but only {_applied} was applied.");
        }

        _snapshot = header;
        _snapshotToPersist = new SnapshotWrite(header, _log.Base, ReplacesLog: false);
        _events.Add(new SnapshotInForce(header));
        Finish();
    }

    /// <summary>A part of the own snapshot was read, to be sent.</summary>
    public void SnapshotPartRead(SnapshotRead read, ReadOnlyMemory<byte> data, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (!Begin(now))
        {
            return;
        }

        if (Sending(read) is not null)
        {
            Send(new SnapshotRequest { To = read.For, Header = read.Header, Offset = read.Offset, Data = data });
        }

        Finish();
    }

    /// <summary>The snapshot that was to be read has given way to a newer one: who was being sent it gets that one.</summary>
    public void SnapshotGone(SnapshotRead read, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(read);
        if (!Begin(now))
        {
            return;
        }

        if (Sending(read) is { } follower && !read.Header.HasSameContent(_snapshot))
        {
            follower.Snapshot = null;
        }

        Finish();
    }

    private Progress? Sending(SnapshotRead read) =>
        _role is LeaderRole leader && read.Term == _hard.Term && leader.Followers.TryGetValue(read.For, out var follower) && read.Header.HasSameContent(follower.Snapshot?.Header)
            ? follower
            : null;

    /// <summary>Sends a snapshot to a follower that needs entries from before the log's base; false when it does not.</summary>
    private bool ReplicateBySnapshot(Progress follower)
    {
        if (follower.Next > _log.Base.Index)
        {
            follower.Snapshot = null;
            return false;
        }

        if (follower.Refusal is not null || follower.IsReading)
        {
            return true;
        }

        if (follower.Snapshot is null)
        {
            follower.Snapshot = new SnapshotSending(_snapshot!);
            _events.Add(new SnapshotOffered(follower.Member, _snapshot!));
        }

        while (follower.Snapshot.TakePart(_settings.SnapshotPartBytes, _settings.MaximumSnapshotPartsInFlight) is { } part)
        {
            _snapshotReads.Add(new SnapshotRead(follower.Snapshot.Header, part.Offset, part.Bytes, follower.Member.Id, _hard.Term));
        }

        return true;
    }

    private void OnSnapshotResponse(SnapshotResponse response)
    {
        if (_role is not LeaderRole leader || !leader.Followers.TryGetValue(response.From, out var follower))
        {
            return; // From before this node led, or from one who is no member any more.
        }

        follower.LastHeard = _now;
        if (follower.Snapshot is { } sending && sending.Header.Position == response.Position && sending.Header.Checksum == response.Checksum)
        {
            sending.Answered(Math.Min(response.Offset, sending.Header.Bytes), response.IsGap);
        }
    }

    /// <summary>What the next write does about the snapshot. The log is compacted the moment the write is handed over.</summary>
    private SnapshotWrite? TakeSnapshotToPersist()
    {
        var write = _snapshotToPersist;
        _snapshotToPersist = null;
        if (write is null or { ReplacesLog: true })
        {
            return write;
        }

        var first = LogIndex.Max(_log.Base.Index, write.Header.Index - _settings.EntriesKeptBehindSnapshot);
        foreach (var read in _outstandingReads)
        {
            first = LogIndex.Min(first, LogIndex.Max(_log.Base.Index, read.First - 1));
        }

        _log.CompactTo(first);
        return write with { Base = _log.Base };
    }

    private void ReadFromDisk(LogRead read)
    {
        _outstandingReads.Add(read);
        _reads.Add(read);
    }
}
