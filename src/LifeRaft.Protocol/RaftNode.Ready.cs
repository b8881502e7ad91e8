namespace LifeRaft.Protocol;

/// <summary>What the node owes and is owed: persistence, sending, applying.</summary>
public sealed partial class RaftNode
{
    private readonly List<RaftMessage> _messages = [];
    private readonly List<LogRead> _reads = [];
    private readonly List<EntryToApply> _toApply = [];
    private readonly List<Answer> _answers = [];
    private readonly List<NodeEvent> _events = [];

    /// <summary>Votes, and requests for votes: they may be said once the hard state is durable, and never in another term.</summary>
    private readonly List<RaftMessage> _heldForHardState = [];

    /// <summary>Callers of entries, in log order. Invariant: all indices are greater than what was handed out to be applied.</summary>
    private readonly Queue<(LogIndex Index, object Caller)> _callers = new();

    private NodeIdentity _durableIdentity;
    private HardState _durableHard;
    private PersistBatch? _inFlight;
    private TimeSpan _inFlightSince;
    private long _batches;

    /// <summary>Up to here entries were handed out to be applied.</summary>
    private LogIndex _handedOut;
    private bool _isReadingToApply;
    private bool _isEndReported;

    private bool IsHardStateDurable => _hard == _durableHard && _identity == _durableIdentity;

    /// <summary>What the host owes now, or null when nothing. Everything in it is handed out once.</summary>
    public Ready? TakeReady()
    {
        if (_end is null)
        {
            ReleaseHeldMessages();
            if (_role is LeaderRole leader)
            {
                LeaderReady(leader);
            }
            else if (_role is FollowerRole follower)
            {
                AcknowledgeWhatIsDurable(follower);
                AskLeaderForReads(follower);
            }

            HandOutCommitted();
        }

        var persist = TakePersistBatch();
        var end = _isEndReported ? null : _end;
        if (persist is null && end is null && !OwesAnything)
        {
            return null;
        }

        _isEndReported |= end is not null;
        return new Ready
        {
            Persist = persist,
            Messages = TakeAll(_messages),
            Reads = TakeAll(_reads),
            SnapshotReads = TakeAll(_snapshotReads),
            SnapshotParts = TakeAll(_snapshotParts),
            SnapshotToLoad = Take(ref _toLoad),
            Installed = Take(ref _installed),
            Apply = TakeAll(_toApply),
            Answers = TakeAll(_answers),
            Events = TakeAll(_events),
            End = end,
        };
    }

    /// <summary>The batch of that number is durable.</summary>
    public void Persisted(long batch, TimeSpan now)
    {
        if (_inFlight is null || _inFlight.Number != batch)
        {
            throw new RaftInvariantException($"Batch {batch} was reported durable, but {_inFlight?.Number.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "none"} is in flight.");
        }

        _durableIdentity = _inFlight.Identity ?? _durableIdentity;
        _durableHard = _inFlight.HardState ?? _durableHard;
        var installed = _inFlight.Snapshot is { ReplacesLog: true } write ? write.Header : null;
        _inFlight = null;
        _log.WriteIsDurable();
        if (installed is not null)
        {
            InstalledDurably(installed);
        }

        if (!Begin(now))
        {
            return;
        }

        if (_role is LeaderRole leader)
        {
            AdvanceCommit(leader);
        }

        Finish();
    }

    /// <summary>The entries of a <see cref="LogRead"/> were read: consecutive, from its first one on.</summary>
    public void EntriesRead(LogRead read, IReadOnlyList<LogEntry> entries, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(read);
        ArgumentNullException.ThrowIfNull(entries);
        _outstandingReads.Remove(read);
        if (!Begin(now))
        {
            return;
        }

        if (read.For is { } follower)
        {
            SendEntriesRead(read, follower, entries);
        }
        else
        {
            _isReadingToApply = false;
            HandOut(entries);
        }

        InstallLoaded();
        Finish();
    }

    /// <summary>Everything up to the index has been applied.</summary>
    public void Applied(LogIndex index, TimeSpan now)
    {
        if (index > _handedOut || index < _applied)
        {
            throw new RaftInvariantException($"Entry {index} was reported applied, but {_applied} was before and {_handedOut} is the last that was handed out.");
        }

        _applied = index;
        _configurations.Applied(index);
        if (!Begin(now))
        {
            return;
        }

        _log.TrimCache(_applied);
        if (_role is LeaderRole leader)
        {
            AnswerConfirmedReads(leader);
        }
        else if (_role is FollowerRole follower)
        {
            AnswerConfirmedReads(follower);
        }

        Finish();
    }

    private bool OwesAnything => _messages.Count > 0 || _reads.Count > 0 || _snapshotReads.Count > 0 || _snapshotParts.Count > 0
        || _toLoad is not null || _installed is not null || _toApply.Count > 0 || _answers.Count > 0 || _events.Count > 0;

    private void Send(RaftMessage message) => _messages.Add(Signed(message));

    /// <summary>Says it when the present term and vote are durable.</summary>
    private void SendWhenHardStateIsDurable(RaftMessage message) => _heldForHardState.Add(Signed(message));

    private RaftMessage Signed(RaftMessage message) => message with { Group = _identity.Group, From = _identity.Member, Term = _hard.Term };

    private void ReleaseHeldMessages()
    {
        if (_heldForHardState.Count == 0 || !IsHardStateDurable)
        {
            return;
        }

        var held = _heldForHardState.ToArray();
        _heldForHardState.Clear();
        foreach (var message in held)
        {
            if (message.To == _identity.Member && message.Correlation == 0)
            {
                // The candidate's vote for itself: it counts like any other, and not before it is durable.
                Step(message, _now);
            }
            else
            {
                _messages.Add(message);
            }
        }
    }

    private PersistBatch? TakePersistBatch()
    {
        if (_inFlight is not null || (IsHardStateDurable && !_log.HasUnwritten && _snapshotToPersist is null))
        {
            return null;
        }

        _inFlightSince = _now;
        _inFlight = new PersistBatch(
            ++_batches,
            _identity == _durableIdentity ? null : _identity,
            _hard == _durableHard ? null : _hard,
            _log.TakeUnwritten())
        { Snapshot = TakeSnapshotToPersist() };
        return _inFlight;
    }

    /// <summary>Committed is not enough: an entry is applied once it is durable here too, or a crash would take it back.</summary>
    private void HandOutCommitted()
    {
        var last = LogIndex.Min(_commit, _log.Durable);
        if (_handedOut >= last || _handedOut > _applied || _isReadingToApply || IsInstalling)
        {
            return;
        }

        if (_log.Cached(_handedOut + 1, last, _settings.MaximumBytesPerApply) is { } entries)
        {
            HandOut(entries);
        }
        else
        {
            _isReadingToApply = true;
            ReadFromDisk(new LogRead(_handedOut + 1, last, _settings.MaximumBytesPerApply, null, _hard.Term));
        }
    }

    private void HandOut(IReadOnlyList<LogEntry> entries)
    {
        _toApply.EnsureCapacity(_toApply.Count + entries.Count);
        foreach (var entry in entries)
        {
            if (entry.Index != _handedOut + 1 || _log.TermAt(entry.Index) != entry.Term)
            {
                throw new RaftInvariantException($"Entry {entry} was to be applied after {_handedOut}, where the log says term {_log.TermAt(_handedOut + 1)}: the disk holds something else than it acknowledged.");
            }

            _handedOut = entry.Index;
            var caller = _callers.TryPeek(out var waiting) && waiting.Index == entry.Index ? _callers.Dequeue().Caller : null;
            _toApply.Add(new EntryToApply(entry, caller));
            if (entry.Kind == EntryKind.Dissolution)
            {
                DissolutionCommitted();
                return;
            }

            if (entry.Index == _removedBy)
            {
                End(NodeEnd.Removed);
                return;
            }
        }
    }

    private static T? Take<T>(ref T? value)
        where T : class
    {
        var taken = value;
        value = null;
        return taken;
    }

    /// <summary>What is in the list, which keeps its memory for the next turn.</summary>
    private static T[] TakeAll<T>(List<T> list)
    {
        if (list.Count == 0)
        {
            return [];
        }

        T[] taken = [.. list];
        list.Clear();
        return taken;
    }
}
