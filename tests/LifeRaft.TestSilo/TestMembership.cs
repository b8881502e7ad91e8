using System.Net;
using LifeRaft;
using Orleans.Configuration;
using Orleans.Hosting;

namespace LifeRaft.TestSilo;

/// <summary>
/// The membership of silos that are killed: Orleans' development clustering, whose table lives in a primary silo. The primary is the
/// test's own process, has no Raft member and is never killed.
/// </summary>
public static class TestMembership
{
    /// <summary>The id of the cluster, unless a test wants another.</summary>
    public const string Cluster = "processes";

    public static ISiloBuilder UseTestMembership(this ISiloBuilder silo, string name, int port, int gateway, IPEndPoint primary) => silo
        .UseDevelopmentClustering(primary)
        .ConfigureTestSilo(name, port, gateway, Cluster)
        .KeepSilent();

    /// <summary>The membership of a cluster without a primary: the silos themselves keep the table.</summary>
    public static ISiloBuilder UseVoters(this ISiloBuilder silo, string name, int port, int gateway, string voters, string cluster, bool evicts)
    {
        silo.UseLifeRaftClustering(options => AddVoters(options, voters)).ConfigureTestSilo(name, port, gateway, cluster);
        return evicts ? silo : silo.KeepSilent();
    }

    /// <summary>The voters, as they stand on the command line of a silo.</summary>
    public static void AddVoters(LifeRaftClusteringOptions options, string voters)
    {
        foreach (var voter in voters.Split(','))
        {
            options.Voters[voter[..voter.IndexOf('=', StringComparison.Ordinal)]] = voter[(voter.IndexOf('=', StringComparison.Ordinal) + 1)..];
        }
    }

    private static ISiloBuilder ConfigureTestSilo(this ISiloBuilder silo, string name, int port, int gateway, string cluster) => silo
        .ConfigureEndpoints(IPAddress.Loopback, port, gateway, listenOnAnyHostAddress: false)
        .Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (cluster, cluster))
        .Configure<SiloOptions>(options => options.SiloName = name);

    /// <summary>
    /// On a busy machine a silo that lives can be silent for long, and is not to be evicted for that. So a silo that was killed counts as
    /// running until its successor on the same port says otherwise, or for minutes.
    /// </summary>
    private static ISiloBuilder KeepSilent(this ISiloBuilder silo) => silo.Configure<ClusterMembershipOptions>(options => options.NumMissedProbesLimit = 100);
}
