using LifeRaft.Hosting;
using LifeRaft.TestingHost;

namespace LifeRaft.Dashboard.Tests;

internal static class Clusters
{
    public static Task<RaftTestCluster> Start(int silos, Action<RaftOptions>? options = null) =>
        RaftTestCluster.Start(silos, raft => raft.AddStateMachine<KeyValueMachine>("kv"), options);
}
