using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>
/// The disk of one host. A write is atomic and becomes durable at its sync, some time after it was handed over. A crash tears the write
/// that is under way: the store finds all of it afterwards, or takes its torn remains for nothing; of those that waited a beginning
/// may have reached the device. A sync that fails stops the store until the host restarts, and leaves unknown what the device holds.
/// A full disk takes nothing: the store stops at the next write, after every restart, until there is space.
/// </summary>
internal sealed class SimulatedDisk(World world, Host host)
{
    private readonly List<LogEntry> _entries = [];
    private readonly Queue<PendingWrite> _pending = new();
    private HardState _hardState;
    private long _incarnation;
    private bool _isSyncing;

    private sealed record PendingWrite(SimulatedNodeLog Log, LogWrite? Write, ILogWriteCompletion? Completion, Action? Deleted);

    public NodeIdentity Identity { get; private set; } = NodeIdentity.Blank;

    /// <summary>What is durable of the log: the entries after <see cref="Base"/>.</summary>
    public IReadOnlyList<LogEntry> Entries => _entries;

    public LogPosition Base { get; private set; }

    /// <summary>The snapshot in force.</summary>
    public SnapshotHeader? Snapshot { get; private set; }

    /// <summary>The last entry that is durable, itself or in the snapshot.</summary>
    public LogIndex Last => Base.Index + _entries.Count;

    /// <summary>Whether that entry is durable here. One that was compacted away is in the snapshot, and committed.</summary>
    public bool Holds(LogIndex index, Term term) =>
        index <= Base.Index || (index <= Last && _entries[(int)(index - Base.Index) - 1].Term == term);

    /// <summary>The newest term that is durable.</summary>
    public Term Term => _hardState.Term;

    public long Epoch { get; private set; }

    public bool IsStopped { get; private set; }

    public TimeSpan SyncLeast { get; set; } = TimeSpan.FromMilliseconds(0.1);

    public TimeSpan SyncMost { get; set; } = TimeSpan.FromMilliseconds(2);

    /// <summary>The next sync fails.</summary>
    public bool FailsNextSync { get; set; }

    /// <summary>There is no space for anything.</summary>
    public bool IsFull { get; set; }

    /// <summary>
    /// Takes the node's log over: what was handed over before becomes durable first, and every later write of an older handle fails.
    /// </summary>
    public SimulatedNodeLog Claim(Activation activation)
    {
        while (_pending.Count > 0 && !IsStopped)
        {
            Sync(_pending.Dequeue());
        }

        Epoch++;
        Snapshots.Reclaim(Snapshot);
        return new SimulatedNodeLog(this, activation, Epoch, Restore());
    }

    public void Queue(SimulatedNodeLog log, LogWrite write, ILogWriteCompletion completion)
    {
        if (IsStopped)
        {
            throw new LogStoreStoppedException("The simulated store has stopped.");
        }

        if (world.Bug == PlantedBug.AnswerBeforeSync)
        {
            _pending.Enqueue(new PendingWrite(log, write, null, null));
            world.Queue.After(TimeSpan.Zero, () => completion.Completed(write, null));
        }
        else
        {
            _pending.Enqueue(new PendingWrite(log, write, completion, null));
        }

        BeginSync();
    }

    public void QueueDeletion(SimulatedNodeLog log, Action deleted)
    {
        _pending.Enqueue(new PendingWrite(log, null, null, deleted));
        BeginSync();
    }

    /// <summary>Entries, later, on the thread of the event queue; after a crash never.</summary>
    public Task<IReadOnlyList<LogEntry>> Read(LogIndex first, LogIndex last, long maxBytes)
    {
        world.Counts.DiskReads++;
        return Later<IReadOnlyList<LogEntry>>(() => last > Last || first <= Base.Index
            ? throw new LogStoreStoppedException("The simulated store has stopped.")
            : Take(first, last, maxBytes));
    }

    /// <summary>The contents of snapshots.</summary>
    public MemorySnapshots Snapshots { get; private set; } = new();

    /// <summary>Something that takes as long as a sync. After a crash it never happens.</summary>
    public Task<T> Later<T>(Func<T> work, bool needsSpace = false)
    {
        var incarnation = _incarnation;

        // Continuations run inline: the event queue stays the only scheduler.
        var done = new TaskCompletionSource<T>();
        world.Queue.After(world.Chance.Between(SyncLeast, SyncMost), () =>
        {
            if (incarnation != _incarnation)
            {
                return;
            }

            try
            {
                // As with a write of the log: a store that has met a failure does nothing more.
                IsStopped |= needsSpace && IsFull;
                done.SetResult(IsStopped ? throw new LogStoreStoppedException("The simulated store has stopped.") : work());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        });
        return done.Task;
    }

    /// <summary>The host loses power: of what was not synced, a beginning may have reached the device.</summary>
    public void Crash()
    {
        _incarnation++;
        world.Counts.TornWrites += _isSyncing && _pending.Count > 0 && !IsStopped ? 1 : 0;
        _isSyncing = false;
        while (_pending.Count > 0 && !IsStopped && world.Chance.Happens(0.4) && world.Bug != PlantedBug.AnswerBeforeSync)
        {
            Store(_pending.Dequeue());
        }

        world.Counts.LostWrites += _pending.Count(pending => pending.Write is not null);
        _pending.Clear();
        Snapshots.Reclaim(Snapshot);
        IsStopped = false;
        FailsNextSync = false;
    }

    /// <summary>Everything is gone; a planted bug keeps the name under which the node was a member.</summary>
    public void Lose()
    {
        Identity = world.Bug == PlantedBug.LostDiskUnderOldMembership ? Identity : NodeIdentity.Blank;
        Empty();
    }

    private void Empty()
    {
        _hardState = default;
        _entries.Clear();
        (Base, Snapshot) = (default, null);
        Snapshots = new MemorySnapshots();
    }

    private void BeginSync()
    {
        if (_isSyncing || _pending.Count == 0)
        {
            return;
        }

        _isSyncing = true;
        var incarnation = _incarnation;
        world.Queue.After(world.Chance.Between(SyncLeast, SyncMost), () =>
        {
            if (incarnation != _incarnation)
            {
                return;
            }

            _isSyncing = false;
            if (_pending.TryDequeue(out var pending))
            {
                Sync(pending);
            }

            BeginSync();
        });
    }

    private void Sync(PendingWrite pending)
    {
        if (pending.Log.Epoch != Epoch)
        {
            pending.Completion?.Completed(pending.Write!, new ClaimLostException("The node was claimed again."));
            return;
        }

        if (IsStopped || FailsNextSync || IsFull)
        {
            FailSync(pending);
            return;
        }

        Store(pending);
        pending.Completion?.Completed(pending.Write!, null);
        pending.Deleted?.Invoke();
    }

    private void FailSync(PendingWrite pending)
    {
        if (!IsStopped)
        {
            world.Counts.FailedSyncs += IsFull ? 0 : 1;
            world.Counts.WritesWithoutSpace += IsFull ? 1 : 0;
            world.Trace.Say($"{host} {(IsFull ? "write finds no space" : "sync fails")}, the store stops");
            IsStopped = true;
            if (!IsFull && world.Chance.Happens(0.5))
            {
                Store(pending);
            }
        }

        pending.Completion?.Completed(pending.Write!, new LogStoreStoppedException("The simulated write failed."));
        if (pending.Write is null)
        {
            host.RestartLater(); // A node that has ended does not notice that its data is still there; after a restart it ends again.
        }
    }

    private void Store(PendingWrite pending)
    {
        if (pending.Write is not { } write)
        {
            Identity = NodeIdentity.Blank;
            Empty();
            return;
        }

        Identity = write.Identity ?? Identity;
        _hardState = write.HardState ?? _hardState;
        if (write.Snapshot is { } snapshot)
        {
            _entries.RemoveAll(entry => snapshot.ReplacesLog || entry.Index <= snapshot.Base.Index);
            (Base, Snapshot) = (snapshot.Base, snapshot.Header);
            Snapshots.DropOlderThan(snapshot.Header);
        }

        if (write.Entries.Count > 0)
        {
            var kept = (int)(write.Entries[0].Index - Base.Index) - 1;
            _entries.RemoveRange(kept, _entries.Count - kept);
            _entries.AddRange(write.Entries);
        }
    }

    private List<LogEntry> Take(LogIndex first, LogIndex last, long maxBytes)
    {
        var taken = new List<LogEntry>();
        var bytes = 0L;
        for (var index = first; index <= last; index += 1)
        {
            var entry = _entries[(int)(index - Base.Index) - 1];
            bytes += entry.Encoded.Length;
            if (taken.Count > 0 && bytes > maxBytes)
            {
                break;
            }

            taken.Add(entry);
        }

        return taken;
    }

    private RestoredNode Restore()
    {
        var starts = new List<TermStart>();
        var term = Base.Term;
        foreach (var entry in _entries.Where(entry => entry.Term != term))
        {
            starts.Add(new TermStart(entry.Index, term = entry.Term));
        }

        var hard = world.Bug == PlantedBug.VoteForgottenAtRestart ? _hardState with { VotedFor = MemberId.None } : _hardState;
        return new RestoredNode(
            Identity, hard, Last, starts, [.. _entries.Where(entry => entry.Kind == EntryKind.Configuration)])
        {
            Base = Base,
            Snapshot = Snapshot,
        };
    }
}
