using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// What this silo knows of another one by its beats, and its quiet nodes that rely on that one: they are told when it is not heard any
/// more, and woken when they may have missed something. Not thread-safe; <see cref="SiloLinks"/> sees to that.
/// </summary>
internal sealed class SiloLink(string silo, TimeProvider time)
{
    /// <summary>
    /// A silo that is not heard for so many beats is lost. A beat is at most the third part of ElectionMin, so that quiet groups elect a
    /// new leader as soon as others do.
    /// </summary>
    public const int BeatsUntilLost = 3;

    /// <summary>
    /// So many nodes are told, or woken, at one beat. All at once, thousands would ask for votes and send heartbeats at the same moment, more
    /// than a silo can carry, and with that delay what would calm them again: also the beats. And when a silo that was only late is heard
    /// again soon, the others need not hear of it at all.
    /// </summary>
    public const int ToldPerBeat = 100;

    private readonly HashSet<NodePump> _nodes = [];

    // Of those, who relies on the silo, which is lost, and has not been told.
    private readonly HashSet<NodePump> _untold = [];

    // Of those, who may have missed something, and has not been woken.
    private readonly HashSet<NodePump> _unwoken = [];

    // What it said last; null before it said anything.
    private LinkBeat? _known;
    private long _saidAt;

    // When it was heard last, or began to matter; null while no quiet node relies on it.
    private long? _heardAt;
    private bool _isLost;

    /// <summary>Whether a quiet node relies on it.</summary>
    public bool Matters => _nodes.Count > 0;

    /// <summary>How long ago it was heard; null when it never was.</summary>
    public TimeSpan? SinceHeard => _known is null ? null : time.GetElapsedTime(_saidAt);

    /// <summary>A quiet node relies on the silo from now on, if it did not before.</summary>
    public void Add(NodePump pump)
    {
        _nodes.Add(pump);
        if (_isLost && Relies(pump.Node, silo))
        {
            _untold.Add(pump);
        }
    }

    /// <summary>The node is not quiet, or has to do with others.</summary>
    public void Remove(NodePump pump)
    {
        _nodes.Remove(pump);
        _untold.Remove(pump);
        _unwoken.Remove(pump);
    }

    /// <summary>The silo has said something. What was overtaken by something newer says nothing.</summary>
    public void Hear(LinkBeat beat)
    {
        var isNews = _known is null || _known.Incarnation != beat.Incarnation || _known.Ends < beat.Ends;
        if (!isNews && beat.Ends < _known!.Ends)
        {
            return;
        }

        (_known, _saidAt) = (beat, time.GetTimestamp());
        _heardAt = _heardAt is null ? null : _saidAt;
        if (isNews || _isLost)
        {
            // Leaders that were told of the loss believe that its nodes are absent. Who was not told missed nothing.
            _unwoken.UnionWith(isNews ? _nodes : _nodes.Except(_untold));
            _isLost = false;
            _untold.Clear();
            WakeSome();
        }
    }

    /// <summary>Looks whether the silo is lost. Called at each beat of this silo.</summary>
    /// <param name="wasStalled">Whether this process stood still: what was said meanwhile may wait in its own queues.</param>
    /// <param name="pace">The time between two beats of this silo.</param>
    public void Look(bool wasStalled, TimeSpan pace)
    {
        WakeSome();
        if (!Matters)
        {
            (_heardAt, _isLost) = (null, false);
        }
        else if (_isLost)
        {
            TellSome();
        }
        else if (_heardAt is not { } heard || wasStalled)
        {
            _heardAt = time.GetTimestamp();
        }
        else if (time.GetElapsedTime(heard) > BeatsUntilLost * (_known?.Pace > pace ? _known.Pace : pace))
        {
            _isLost = true;
            _untold.UnionWith(_nodes);
            TellSome();
        }
    }

    /// <summary>The silo of a node.</summary>
    public static string SiloOf(string endpoint) => endpoint[(endpoint.LastIndexOf('@') + 1)..];

    private void TellSome()
    {
        var heard = _heardAt!.Value;
        Post(_untold, (node, now) => Lose(node, now - time.GetElapsedTime(heard), now));
    }

    private void WakeSome() => Post(_unwoken, static (node, now) => node.Wake(now));

    /// <summary>Within a turn.</summary>
    private void Lose(RaftNode node, TimeSpan lastHeardAt, TimeSpan now)
    {
        foreach (var peer in node.QuietPeers.Where(peer => SiloOf(peer.Endpoint) == silo).ToList())
        {
            node.HostLost(peer.Id, lastHeardAt, now);
        }
    }

    /// <summary>A leader that was told of the loss stays quiet while a majority is left, and relies on the silo no more.</summary>
    private static bool Relies(RaftNode node, string silo) =>
        node.State != RaftState.Leader || node.Followers.Any(follower => follower.IsReachable && SiloOf(follower.Member.Endpoint) == silo);

    /// <summary>Posts the request to some of those that it is still to be posted to.</summary>
    private static void Post(HashSet<NodePump> remaining, Action<RaftNode, TimeSpan> request)
    {
        foreach (var pump in remaining.Take(ToldPerBeat).ToList())
        {
            remaining.Remove(pump);
            pump.Post(new NodeRequest(request));
        }
    }
}
