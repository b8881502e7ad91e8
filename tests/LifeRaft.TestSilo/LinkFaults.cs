using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;

namespace LifeRaft.TestSilo;

/// <summary>
/// The faults of this silo's connections, by the peer that they lead to. They apply to the connections that this silo dialled: only of
/// these does it know whose they are. Who wants both ways between two silos cut or stalled tells both.
/// </summary>
internal sealed class LinkFaults
{
    private readonly ConcurrentDictionary<IPEndPoint, Link> _links = new();

    /// <summary>The middleware of outgoing connections.</summary>
    public void Watch(IConnectionBuilder connections) => connections.Use(next => context => Run(context, next));

    /// <summary>Aborts the connections to that peer, and each new one at once.</summary>
    public void Cut(IPEndPoint peer) => LinkTo(peer).Cut();

    /// <summary>Bytes from, or to, that peer wait until the end of the fault, as behind a network that swallows packets.</summary>
    public void Stall(IPEndPoint peer, bool incoming)
    {
        var link = LinkTo(peer);
        (incoming ? link.Incoming : link.Outgoing).Close();
    }

    /// <summary>Ends all faults.</summary>
    public void Heal()
    {
        foreach (var link in _links.Values)
        {
            link.Heal();
        }
    }

    private Link LinkTo(IPEndPoint peer) => _links.GetOrAdd(peer, _ => new Link());

    private async Task Run(ConnectionContext context, ConnectionDelegate next)
    {
        if (context.RemoteEndPoint is not IPEndPoint peer)
        {
            await next(context);
            return;
        }

        var link = LinkTo(peer);
        if (!link.TryAdd(context))
        {
            context.Abort(new ConnectionAbortedException($"The connection to {peer} is cut."));
            return;
        }

        try
        {
            context.Transport = new StallingPipe(context.Transport, link.Incoming, link.Outgoing);
            await next(context);
        }
        finally
        {
            link.Remove(context);
        }
    }

    private sealed class Link
    {
        private readonly HashSet<ConnectionContext> _connections = [];
        private bool _isCut;

        public Gate Incoming { get; } = new();

        public Gate Outgoing { get; } = new();

        public bool TryAdd(ConnectionContext connection)
        {
            lock (_connections)
            {
                return !_isCut && _connections.Add(connection);
            }
        }

        public void Remove(ConnectionContext connection)
        {
            lock (_connections)
            {
                _connections.Remove(connection);
            }
        }

        public void Cut()
        {
            ConnectionContext[] connections;
            lock (_connections)
            {
                _isCut = true;
                connections = [.. _connections];
            }

            foreach (var connection in connections)
            {
                connection.Abort(new ConnectionAbortedException($"The connection to {connection.RemoteEndPoint} is cut."));
            }
        }

        public void Heal()
        {
            lock (_connections)
            {
                _isCut = false;
            }

            Incoming.Open();
            Outgoing.Open();
        }
    }
}
