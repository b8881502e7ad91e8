namespace LifeRaft.Protocol;

/// <summary>Receiving a snapshot and putting it in the place of log and state (Raft paper, 7, Figure 13).</summary>
public sealed partial class RaftNode
{
    private SnapshotReceiving? _receiving;
    private readonly List<SnapshotPart> _snapshotParts = [];
    private SnapshotHeader? _toLoad;

    /// <summary>The host loads it. Invariant: from here until it is installed or dropped there is no other.</summary>
    private SnapshotHeader? _loading;

    /// <summary>Loaded, and waiting until nobody reads the log that it will replace.</summary>
    private SnapshotHeader? _loaded;

    /// <summary>Durable, and to be told to the host.</summary>
    private SnapshotHeader? _installed;

    /// <summary>Whether a snapshot has taken the place of the log and is not durable yet.</summary>
    private bool IsInstalling => _handedOut < _log.Base.Index;

    /// <summary>A part of a leader's snapshot was stored; with the last one, the content is complete and what its header says.</summary>
    public void SnapshotPartStored(SnapshotPart part, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(part);
        if (!Begin(now))
        {
            return;
        }

        if (_receiving is { } receiving && receiving.Header.HasSameContent(part.Header))
        {
            receiving.Stored = Math.Max(receiving.Stored, part.Offset + part.Data.Length);
            AnswerSnapshotPart(receiving, receiving.Stored, isGap: false);
            if (part.IsLast && _loading is null && _loaded is null && !IsInstalling)
            {
                _loading = _toLoad = receiving.Header;
            }
        }

        Finish();
    }

    /// <summary>What was received is not what the header says, and was dropped. It is asked for again from the beginning.</summary>
    public void SnapshotDamaged(SnapshotHeader header, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (!Begin(now))
        {
            return;
        }

        if (_receiving is { } receiving && receiving.Header.HasSameContent(header))
        {
            _receiving = new SnapshotReceiving(header);
            AnswerSnapshotPart(_receiving, 0, isGap: true);
            _events.Add(new MessageRefused($"The {header} that arrived is damaged. It is asked for again; if this repeats, the leader's disk is damaged: move the leadership and end that node."));
        }

        Finish();
    }

    /// <summary>A snapshot was loaded into a new state machine. It is installed when <see cref="Ready.Installed"/> says so, or never.</summary>
    public void SnapshotLoaded(SnapshotHeader header, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(header);
        if (!Begin(now))
        {
            return;
        }

        _loading = null;
        _loaded = header;
        InstallLoaded();
        Finish();
    }

    private void OnSnapshotRequest(SnapshotRequest request)
    {
        var follower = Follow(request.From);
        var header = request.Header;
        if (HasAlready(header))
        {
            // No need for it: the log holds, or held, the same entry. An acknowledgement as for entries lets replication go on
            // (raft-scenarios 32); installing it would take the state back.
            _receiving = null;
            follower.Verified = LogIndex.Max(follower.Verified, header.Index);
            follower.OwesAcknowledgement = true;
            CommitVerified(follower, header.Index);
            return;
        }

        var isOther = !header.HasSameContent(_receiving?.Header);
        if (isOther && (IsInstalling || _loading is not null || _loaded is not null))
        {
            return; // One at a time; the leader asks again.
        }

        _receiving = isOther ? new SnapshotReceiving(header) : _receiving!;

        if (!_receiving.TryTake(request, _settings.MaximumSnapshotPartsInFlight, _snapshotParts))
        {
            var isGap = request.Offset > _receiving.Expected;
            AnswerSnapshotPart(_receiving, isGap ? _receiving.Expected : _receiving.Stored, isGap);
        }
    }

    private bool HasAlready(SnapshotHeader header)
    {
        if (header.Index > _log.Base.Index)
        {
            var isSame = _log.Matches(header.Index, header.Term);
            return header.Index > _commit || isSame ? isSame : throw Contradicts(header, _log.TermAt(header.Index));
        }

        return header.Index < _log.Base.Index || header.Term == _log.Base.Term ? true : throw Contradicts(header, _log.Base.Term);
    }

    private RaftInvariantException Contradicts(SnapshotHeader header, Term term) => new(
        $"The leader of term {_hard.Term} sent a {header}, but entry {header.Index} of term {term} is committed (Raft paper, Figure 3, Leader Completeness).");

    private void AnswerSnapshotPart(SnapshotReceiving receiving, long offset, bool isGap)
    {
        if (_role is FollowerRole { Leader.IsNone: false } follower)
        {
            Send(new SnapshotResponse
            {
                To = follower.Leader,
                Position = receiving.Header.Position,
                Checksum = receiving.Header.Checksum,
                Offset = offset,
                IsGap = isGap,
            });
        }
    }

    private void InstallLoaded()
    {
        if (_loaded is not { } snapshot || _outstandingReads.Count > 0)
        {
            return; // The entries that are being read would vanish under the reader.
        }

        _loaded = null;
        _receiving = null;
        if (_role is LeaderRole || HasAlready(snapshot))
        {
            return; // A leader has what is committed; and entries may have come by themselves meanwhile.
        }

        var before = _configurations.Committed;
        _log.ReplaceBy(snapshot.Position, agreed: _commit);
        _configurations.ReplaceBy(snapshot);
        _commit = snapshot.Index;
        _snapshot = snapshot;
        _snapshotToPersist = new SnapshotWrite(snapshot, snapshot.Position, ReplacesLog: true);
        AbandonCallers(LogIndex.Zero); // Their entries are in the snapshot, and their results nowhere (raft-scenarios 38).

        if (_role is FollowerRole follower)
        {
            // What is committed is in the log of every later leader.
            follower.Verified = snapshot.Index;
            follower.OwesAcknowledgement = true;
            follower.Early.Clear();
        }

        ReportMembershipChange(before, snapshot.Configuration);
    }

    /// <summary>The write that put the snapshot in the place of the log is durable.</summary>
    private void InstalledDurably(SnapshotHeader snapshot)
    {
        _installed = snapshot;
        _handedOut = _applied = snapshot.Index;
        _events.Add(new SnapshotInstalled(snapshot));
        if (_role is FollowerRole follower)
        {
            AnswerConfirmedReads(follower);
        }

        EndIfRemovedBySnapshot();
    }

    /// <summary>The entry that removed this node may be one of those that the snapshot stands for.</summary>
    private void EndIfRemovedBySnapshot()
    {
        if (_snapshot is not null && _configurations.AtApplied.Configuration.Removed.Contains(_identity.Member))
        {
            End(NodeEnd.Removed);
        }
    }
}
