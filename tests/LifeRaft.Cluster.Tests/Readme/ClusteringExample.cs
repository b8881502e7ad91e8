using System.Net;
using LifeRaft.Storage.RocksDb;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Orleans.Configuration;

namespace LifeRaft.Cluster.Tests;

/// <summary>What the README shows of clustering without a database; <see cref="ClusteringExampleTests"/> runs it.</summary>
internal static class ClusteringExample
{
    public static IHost Silo(HostApplicationBuilder builder, string name, IPAddress address, int port, int gateway, string data)
    {
        builder.UseOrleans(silo => silo
            .UseLifeRaftClustering(builder.Configuration.GetSection("Clustering:LifeRaft"))
            .Configure<SiloOptions>(options => options.SiloName = name)
            .ConfigureEndpoints(address, port, gateway)
            .AddLifeRaft(raft => raft.AddStateMachine<KeyValueMachine>("kv").UseRocksDbLog(Path.Combine(data, name))));
        return builder.Build();
    }
}
