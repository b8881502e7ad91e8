using System.Net;
using Orleans.Configuration;
using Orleans.Hosting;

namespace LifeRaft.TestSilo;

/// <summary>
/// The membership of silos that are killed: Orleans' development clustering, whose table lives in a primary silo. The primary is the
/// test's own process, has no Raft member and is never killed.
/// </summary>
public static class TestMembership
{
    public static ISiloBuilder UseTestMembership(this ISiloBuilder silo, string name, int port, int gateway, IPEndPoint primary) => silo
        .UseDevelopmentClustering(primary)
        .ConfigureEndpoints(IPAddress.Loopback, port, gateway, listenOnAnyHostAddress: false)
        .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("processes", "processes"))
        .Configure<SiloOptions>(options => options.SiloName = name)
        .Configure<ClusterMembershipOptions>(options =>
        {
            // On a busy machine a silo that lives can be silent for long, and is not to be evicted for that. So a silo that was killed
            // counts as running until its successor on the same port says otherwise, or for minutes.
            options.NumMissedProbesLimit = 100;
        });
}
