using System.Collections.Concurrent;
using System.Net;
using LifeRaft.Hosting;
using LifeRaft.Protocol;
using Microsoft.AspNetCore.Connections;

namespace LifeRaft.TestingHost;

/// <summary>
/// What lies between the silos of one process. Raft's messages go from one silo's nodes straight to another's; Orleans' own go over its
/// connections. Between silos that are cut off from each other neither gets through.
/// </summary>
internal sealed class TestNetwork
{
    private readonly ConcurrentDictionary<string, PeerInbox> _inboxes = new();
    private readonly ConcurrentDictionary<string, Func<SiloLinks>> _links = new();
    private readonly ConcurrentDictionary<IPEndPoint, string> _silos = new();
    private readonly Lock _lock = new();

    // Guarded by _lock.
    private readonly HashSet<(string From, ConnectionContext Connection)> _connections = [];
    private HashSet<string> _apart = [];
    private long _sent;

    /// <summary>How many messages of Raft, and beats of silos, were sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>A silo has gone.</summary>
    public void Remove(string silo)
    {
        _inboxes.TryRemove(silo, out _);
        _links.TryRemove(silo, out _);
    }

    /// <summary>Cuts these silos off from all others. They reach each other.</summary>
    public void Partition(IEnumerable<string> silos)
    {
        ConnectionContext[] cut;
        lock (_lock)
        {
            _apart = [.. silos];
            cut = [.. _connections.Where(connection => IsCut(connection.From, connection.Connection)).Select(connection => connection.Connection)];
        }

        foreach (var connection in cut)
        {
            Abort(connection);
        }
    }

    /// <summary>Ends the partition.</summary>
    public void Heal() => Partition([]);

    /// <summary>A silo comes up: its peer transport.</summary>
    public IPeerTransport Add(string silo, IPEndPoint endpoint, PeerInbox inbox)
    {
        (_silos[endpoint], _inboxes[silo]) = (silo, inbox);
        return new Transport(this, silo);
    }

    /// <summary>A silo comes up: what carries the beats of its links, which are made with it.</summary>
    public IBeatCarrier Add(string silo, Func<SiloLinks> links)
    {
        _links[silo] = links;
        return new Carrier(this, silo);
    }

    /// <summary>Whether nothing gets through between these silos.</summary>
    public bool IsCut(string from, string to)
    {
        lock (_lock)
        {
            return _apart.Contains(from) != _apart.Contains(to);
        }
    }

    /// <summary>The middleware of the connections that a silo dials.</summary>
    public void Watch(string silo, IConnectionBuilder connections) => connections.Use(next => context => Run(silo, context, next));

    private async Task Run(string silo, ConnectionContext connection, ConnectionDelegate next)
    {
        lock (_lock)
        {
            if (IsCut(silo, connection))
            {
                Abort(connection);
                return;
            }

            _connections.Add((silo, connection));
        }

        try
        {
            await next(connection);
        }
        finally
        {
            lock (_lock)
            {
                _connections.Remove((silo, connection));
            }
        }
    }

    private static void Abort(ConnectionContext connection) =>
        connection.Abort(new ConnectionAbortedException($"The connection to {connection.RemoteEndPoint} is cut by the test."));

    private bool IsCut(string from, ConnectionContext connection) =>
        connection.RemoteEndPoint is IPEndPoint endpoint && _silos.TryGetValue(endpoint, out var to) && IsCut(from, to);

    private sealed class Transport(TestNetwork network, string silo) : IPeerTransport
    {
        public bool SharesOrleansConnections => true;

        public void Send(string from, string to, RaftMessage message)
        {
            var target = SiloLink.SiloOf(to);
            if (!network.IsCut(silo, target) && network._inboxes.TryGetValue(target, out var inbox))
            {
                Interlocked.Increment(ref network._sent);
                inbox.Deliver(from, to, message);
            }
        }
    }

    private sealed class Carrier(TestNetwork network, string silo) : IBeatCarrier
    {
        public void Send(string to, LinkBeat beat)
        {
            if (!network.IsCut(silo, to) && network._links.TryGetValue(to, out var links))
            {
                Interlocked.Increment(ref network._sent);
                links().Hear(beat);
            }
        }
    }
}
