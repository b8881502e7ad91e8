using System.Collections.Concurrent;
using LifeRaft.Hosting;
using LifeRaft.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Cluster.Tests;

/// <summary>liferaft's <c>write</c>: a transport of the user's own, per silo.</summary>
public sealed class TransportTests
{
    [Fact]
    public async Task A_transport_of_ones_own_carries_every_message_of_the_protocol()
    {
        var link = new Link();
        await using var cluster = await RaftCluster.Start(3, raft => raft.Services.AddSingleton<IPeerTransport>(services => new LinkEnd(link, services.GetRequiredService<PeerInbox>())));
        var group = await cluster.Create("kv/own-transport");
        await new KeyValueStore(group).Put("key", "1"u8.ToArray(), TestContext.Current.CancellationToken);
        await cluster.AllApplied(group, 3);
        Assert.Contains(typeof(AppendRequest), link.Carried.Keys);
        Assert.Contains(typeof(AppendResponse), link.Carried.Keys);
        Assert.Contains(typeof(HeartbeatRequest), link.Carried.Keys);
        await QuietGroupTests.IsNeverQuiet(cluster, group); // Whether its link works, only its messages can tell.
    }

    private sealed class Link
    {
        public ConcurrentBag<PeerInbox> Inboxes { get; } = [];

        public ConcurrentDictionary<Type, int> Carried { get; } = new();

        public void Carry(string from, string to, RaftMessage message)
        {
            Carried.AddOrUpdate(message.GetType(), 1, (_, count) => count + 1);
            _ = Inboxes.Any(inbox => inbox.Deliver(from, to, message));
        }
    }

    private sealed class LinkEnd : IPeerTransport
    {
        private readonly Link _link;

        public LinkEnd(Link link, PeerInbox inbox)
        {
            _link = link;
            _link.Inboxes.Add(inbox);
        }

        public void Send(string from, string to, RaftMessage message) => _link.Carry(from, to, message);
    }
}
