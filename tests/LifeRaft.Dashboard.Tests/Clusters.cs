using LifeRaft.Hosting;
using LifeRaft.TestingHost;

namespace LifeRaft.Dashboard.Tests;

internal static class Clusters
{
    /// <summary>Patient with each other: a browser on the same cores is not to cost a leader its leadership.</summary>
    public static Task<RaftTestCluster> Start(int silos, Action<RaftOptions>? options = null) =>
        RaftTestCluster.Start(silos, raft => raft.AddStateMachine<KeyValueMachine>("kv"), own =>
        {
            (own.Heartbeat, own.ElectionMin, own.ElectionMax) = (TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4));
            options?.Invoke(own);
        });
}
