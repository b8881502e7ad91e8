namespace LifeRaft.Hosting;

/// <summary>
/// The links of this silo to the others, on which its quiet nodes rely instead of heartbeats of their own: one message to each silo that a
/// quiet node has to do with, at Raft's pace, however many nodes there are. Not Orleans' membership: it can take a minute to notice a stalled
/// connection.
/// </summary>
/// <remarks>
/// A beat stands for the quiet nodes of its sender, so a silo without a quiet node that has to do with the receiver sends it none, also when
/// it is sent some: nodes that are awake speak for themselves, and who relies on a node that is awake should hear from it or miss it.
/// </remarks>
internal sealed class SiloLinks(IBeatCarrier carrier, ILocalSiloDetails silo, TimeProvider time) : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly Lock _gate = new();
    private readonly Guid _incarnation = Guid.NewGuid();

    // Guarded by the gate.
    private readonly Dictionary<string, SiloLink> _links = new(StringComparer.Ordinal);
    private ITimer? _timer;
    private TimeSpan? _pace; // Null while no node is quiet.
    private long _lookedAt;
    private long _ends;
    private bool _isStopped;

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe<SiloLinks>(ServiceLifecycleStage.Active, static _ => Task.CompletedTask, Stop);

    /// <summary>A turn of the node has ended in which it was, or became, quiet, or in which it woke.</summary>
    public void Look(NodePump pump)
    {
        lock (_gate)
        {
            Forget(pump);
            if (pump.Node.IsQuiet && !_isStopped)
            {
                foreach (var peer in pump.Node.QuietPeers)
                {
                    LinkTo(SiloLink.SiloOf(peer.Endpoint)).Add(pump);
                }

                var timings = pump.Node.Configuration.Timings;
                KeepPace(timings.Heartbeat < timings.ElectionMin / SiloLink.BeatsUntilLost ? timings.Heartbeat : timings.ElectionMin / SiloLink.BeatsUntilLost);
            }
        }
    }

    /// <summary>A node has ended, was closed, or was superseded. Those elsewhere that rely on it wake.</summary>
    public void Gone(NodePump pump)
    {
        lock (_gate)
        {
            Forget(pump);
            _ends++;
        }
    }

    /// <summary>Another silo has said something.</summary>
    public void Hear(LinkBeat beat)
    {
        lock (_gate)
        {
            if (!_isStopped)
            {
                LinkTo(beat.From).Hear(beat);
            }
        }
    }

    /// <summary>How long ago a silo was heard; null when it never was.</summary>
    public TimeSpan? SinceHeard(string silo)
    {
        lock (_gate)
        {
            return _links.GetValueOrDefault(silo)?.SinceHeard;
        }
    }

    /// <summary>Says and hears nothing any more.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _isStopped = true;
            _timer?.Dispose();
        }
    }

    private Task Stop(CancellationToken cancellationToken)
    {
        Stop();
        return Task.CompletedTask;
    }

    private SiloLink LinkTo(string other)
    {
        if (!_links.TryGetValue(other, out var link))
        {
            _links.Add(other, link = new SiloLink(other, time));
        }

        return link;
    }

    private void Forget(NodePump pump)
    {
        foreach (var link in _links.Values)
        {
            link.Remove(pump);
        }
    }

    /// <summary>The fastest group sets the pace until no node is quiet.</summary>
    private void KeepPace(TimeSpan pace)
    {
        if (_pace <= pace)
        {
            return;
        }

        _lookedAt = _pace is null ? time.GetTimestamp() : _lookedAt;
        _pace = pace;
        _timer ??= time.CreateTimer(static links => ((SiloLinks)links!).Beat(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(pace, pace);
    }

    private void Beat()
    {
        List<string> others;
        LinkBeat beat;
        lock (_gate)
        {
            if (_isStopped || _pace is not { } pace)
            {
                return;
            }

            var wasStalled = time.GetElapsedTime(_lookedAt) > 2 * pace;
            _lookedAt = time.GetTimestamp();
            foreach (var link in _links.Values)
            {
                link.Look(wasStalled, pace);
            }

            others = [.. _links.Where(link => link.Value.Matters).Select(link => link.Key)];
            beat = new LinkBeat(silo.Name, _incarnation, _ends, pace);
            if (others.Count == 0)
            {
                _pace = null;
                _timer!.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }

        // Outside the gate: it may end at once in that of another silo of the same process.
        foreach (var other in others)
        {
            carrier.Send(other, beat);
        }
    }
}
