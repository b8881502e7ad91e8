using System.Text;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace LifeRaft.Cluster.Tests;

/// <summary>The README's code. ReadmeTests runs it, and compares it with what the README shows.</summary>
internal static class Example
{
    public static async Task<IHost> Silo(string data)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering()
            .Configure<SiloOptions>(options => options.SiloName = "silo-a")
            .AddLifeRaft(raft => raft
                .AddStateMachine<KeyValueMachine>("kv")
                .UseRocksDbLog(Path.Combine(data, "silo-a"))));

        var host = builder.Build();
        await host.StartAsync();
        return host;
    }

    public static async Task<string> Client(IClusterClient client)
    {
        var group = client.GetRaftGroup("kv/orders");
        await group.Create(["1@silo-a"]); // one node here; with three silos: ["1@silo-a", "2@silo-b", "3@silo-c"]

        var orders = new KeyValueStore(group);
        await orders.Put("42", Encoding.UTF8.GetBytes("paid"));
        var order = await orders.Get("42");

        var query = new KeyValueQuery(KeyValueQueryKind.CountApplied).Encode();

        await orders.Get("42"); // linearizable: the leader confirms itself with one round of heartbeats for all who wait
        group.Reads = ReadConsistency.Lease;
        await orders.Get("42"); // linearizable while clocks keep to MaximumClockDrift: no message at all
        var node = await group.Node("1@silo-a");
        await node.Query(query); // linearizable, answered by this member: the leader only says up to where to apply
        var stale = await node.QueryStale(query); // what this member has now, and stale.Age
        Assert.Equal(1, BitConverter.ToInt64(stale.Result.Span));

        await using var session = await group.OpenSession();

        var payments = new KeyValueStore(session);
        await payments.Put("42", Encoding.UTF8.GetBytes("shipped")); // applied once, whatever happens on the way
        return $"{Encoding.UTF8.GetString(order!.Value.Span)}, version {order.Version}; then version {(await payments.Get("42"))!.Version}";
    }
}
