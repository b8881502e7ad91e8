using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>
/// What a silo's links do for its quiet nodes, in small: one message to each host that such a node has to do with, at the pace of heartbeats,
/// with the host's start and the number of nodes that have ended there. It may be lost, late or doubled like any other.
/// </summary>
internal sealed class HostBeats(World world, Host host)
{
    private const int BeatsUntilLost = 3;

    /// <summary>What each other host said last.</summary>
    private readonly Dictionary<Host, (int Start, int Ends)> _known = [];

    /// <summary>When each host that matters was heard last.</summary>
    private readonly Dictionary<Host, long> _heard = [];

    private long _looked;

    /// <summary>How often the host has started.</summary>
    public int Start { get; private set; }

    /// <summary>How many nodes of this host have ended, or were superseded, while it ran.</summary>
    public int Ends { get; private set; }

    public void Begin() => Next();

    public void Started()
    {
        Start++;
        Ends = 0;
        _known.Clear();
        _heard.Clear();
    }

    public void NodeEnded() => Ends++;

    private TimeSpan Pace => world.Settings.Timings.Heartbeat;

    private void Next() => world.Queue.After(host.Clock.ToTrueTime(Pace) + world.Chance.Milliseconds(0, 1), () =>
    {
        if (host.IsUp && !host.IsPaused)
        {
            Beat();
        }

        Next();
    });

    private void Beat()
    {
        var wasStalled = host.Clock.GetElapsedTime(_looked) > 2 * Pace;
        _looked = host.Clock.GetTimestamp();
        var peers = host.Active is { Pump.IsOver: false, Node.IsQuiet: true } active
            ? active.Node.QuietPeers.Select(peer => (peer.Id, Host: world.HostOf(peer.Endpoint))).ToList()
            : [];
        foreach (var gone in _heard.Keys.Where(other => peers.All(peer => peer.Host != other)).ToList())
        {
            _heard.Remove(gone);
        }

        foreach (var (id, other) in peers)
        {
            var said = (Start, Ends);
            world.Network.Carry(host.Place, other.Place, mayDouble: true, () => other.Beats.Hear(host, said));
            if (wasStalled || !_heard.TryGetValue(other, out var heard))
            {
                _heard[other] = _looked; // What was said meanwhile may wait in this host's own queues.
            }
            else if (host.Clock.GetElapsedTime(heard) > BeatsUntilLost * Pace)
            {
                world.Counts.HostsLost++;
                host.TryPost(new NodeRequest((node, now) => node.HostLost(id, now - host.Clock.GetElapsedTime(heard), now)));
            }
        }
    }

    private void Hear(Host from, (int Start, int Ends) said)
    {
        if (!host.IsUp || host.IsPaused)
        {
            return;
        }

        var isNews = !_known.TryGetValue(from, out var known) || known.Start < said.Start || (known.Start == said.Start && known.Ends < said.Ends);
        if (isNews)
        {
            _known[from] = said;
            host.TryPost(new NodeRequest(static (node, now) => node.Wake(now)));
        }

        if (_heard.ContainsKey(from) && _known[from] == said)
        {
            _heard[from] = host.Clock.GetTimestamp();
        }
    }
}
