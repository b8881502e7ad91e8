using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// The replicated state of a node and its snapshots: takes one when enough was applied or somebody asks, and moves those that a leader
/// sends and a follower receives. Nothing here stops the turns: contents are written, read and loaded elsewhere, and the news of it
/// is an input like any other. All members are used within turns.
/// </summary>
internal sealed class NodeSnapshots(NodePorts ports, Action<PumpInput> post)
{
    private readonly List<TaskCompletionSource<SnapshotHeader?>> _requests = [];
    private (SnapshotHeader Header, ReplicatedState State)? _loaded;
    private Task _storing = Task.CompletedTask;
    private long _entries;
    private long _bytes;
    private bool _isTaking;
    private Exception? _end;

    /// <summary>What is being applied to. An installed snapshot brings another one.</summary>
    public ReplicatedState State { get; private set; } = ports.State;

    /// <summary>Takes a snapshot soon. The task gives the newest one when that is done; null when nothing was applied yet.</summary>
    public void Request(TaskCompletionSource<SnapshotHeader?> request)
    {
        if (_end is { } end)
        {
            request.TrySetException(end);
        }
        else
        {
            _requests.Add(request);
        }
    }

    /// <summary>Counts what was applied since the last snapshot.</summary>
    public void Applied(LogEntry entry)
    {
        _entries++;
        _bytes += entry.Encoded.Length;
    }

    /// <summary>Does what the node owes with snapshots, before anything is applied.</summary>
    public void Perform(Ready ready)
    {
        foreach (var read in ready.SnapshotReads)
        {
            _ = Read(read);
        }

        foreach (var part in ready.SnapshotParts)
        {
            _storing = Store(_storing, part);
        }

        if (ready.SnapshotToLoad is { } complete)
        {
            _ = Load(complete);
        }

        if (ready.Installed is { } installed)
        {
            Install(installed);
        }
    }

    /// <summary>
    /// Takes a snapshot if it is time. While a follower is being sent one, the next one waits: it would take its place, and the follower
    /// needs the entries that came meanwhile anyway.
    /// </summary>
    public void TakeIfDue(RaftNode node)
    {
        var isDue = _requests.Count > 0 || _entries >= ports.Thresholds.Entries || _bytes >= ports.Thresholds.Bytes;
        if (!isDue || _isTaking || node.IsSendingSnapshot)
        {
            return;
        }

        var requests = _requests.ToArray();
        _requests.Clear();
        if (node.PointOfSnapshot() is not { } point)
        {
            Answer(requests, node.LatestSnapshot);
            return;
        }

        _isTaking = true;
        _entries = _bytes = 0;
        _ = Take(point, State.CaptureSnapshot(), requests);
    }

    /// <summary>The node is over: who waits for a snapshot gets none.</summary>
    public void Ended(Exception reason)
    {
        _end = reason;
        Fail(_requests, reason);
        _requests.Clear();
    }

    private async Task Take(SnapshotPoint point, Action<Stream> write, TaskCompletionSource<SnapshotHeader?>[] requests)
    {
        try
        {
            var started = ports.Time.GetTimestamp();
            var content = await ports.Log.WriteSnapshot(point.Position, write, CancellationToken.None);
            ports.Meter?.Snapshot("take", ports.Time.GetElapsedTime(started));
            post(new NodeRequest((node, now) =>
            {
                _isTaking = false;
                node.SnapshotTaken(point.With(content.Bytes, content.Checksum), now);
                Answer(requests, node.LatestSnapshot);
            }));
        }
        catch (LogStoreException failure)
        {
            post(new NodeFailed(failure.Message, failure));
            Fail(requests, failure);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The user's machine could not write itself: the node goes on with the log that it has, and tries again after as much again.
            post(new NodeRequest((_, _) =>
            {
                _isTaking = false;
                ports.Observer.SnapshotFailed(failure);
            }));
            Fail(requests, failure);
        }
    }

    private async Task Read(SnapshotRead read)
    {
        try
        {
            var part = await ports.Log.ReadSnapshotPart(read.Header, read.Offset, read.MaximumBytes, CancellationToken.None);
            post(new NodeRequest((node, now) => node.SnapshotPartRead(read, part, now)));
        }
        catch (SnapshotGoneException)
        {
            post(new NodeRequest((node, now) => node.SnapshotGone(read, now)));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            post(new NodeFailed(failure.Message, failure));
        }
    }

    private async Task Store(Task before, SnapshotPart part)
    {
        await before;
        try
        {
            await ports.Log.WriteSnapshotPart(part.Header, part.Offset, part.Data, CancellationToken.None);
            post(new NodeRequest((node, now) => node.SnapshotPartStored(part, now)));
        }
        catch (SnapshotDamagedException)
        {
            post(new NodeRequest((node, now) => node.SnapshotDamaged(part.Header, now)));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            post(new NodeFailed(failure.Message, failure));
        }
    }

    private async Task Load(SnapshotHeader complete)
    {
        try
        {
            var state = new ReplicatedState(ports.CreateMachine());
            var started = ports.Time.GetTimestamp();
            await ports.Log.ReadSnapshot(complete, state.ReadSnapshot, CancellationToken.None);
            ports.Meter?.Snapshot("load", ports.Time.GetElapsedTime(started));
            post(new NodeRequest((node, now) =>
            {
                _loaded = (complete, state);
                node.SnapshotLoaded(complete, now);
            }));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // The content is what the leader's machine wrote: a machine that cannot read it is of another version, or broken.
            post(new NodeFailed($"The {complete} could not be loaded: {failure.Message}", failure));
        }
    }

    private void Install(SnapshotHeader installed)
    {
        if (_loaded is not { } loaded || !loaded.Header.HasSameContent(installed))
        {
            throw new NodeStoppedException($"The {installed} is in force, but {_loaded?.Header.ToString() ?? "none"} was loaded.");
        }

        State = loaded.State;
        _loaded = null;
        _entries = _bytes = 0;
    }

    private static void Answer(IEnumerable<TaskCompletionSource<SnapshotHeader?>> requests, SnapshotHeader? snapshot)
    {
        foreach (var request in requests)
        {
            request.TrySetResult(snapshot);
        }
    }

    private static void Fail(IEnumerable<TaskCompletionSource<SnapshotHeader?>> requests, Exception failure)
    {
        foreach (var request in requests)
        {
            request.TrySetException(failure);
        }
    }
}
