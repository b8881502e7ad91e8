namespace LifeRaft.Benchmarks;

/// <summary>All that can be measured.</summary>
internal static class Systems
{
    public static IReadOnlyList<SystemKind> All { get; } =
    [
        new("disk", "4 KiB written and synced by one thread, in a file that has its length already.", () => Task.FromResult<ISystem>(new SyncLimit())) { IsConcurrent = false },
        .. SiloSettings.Logs.Select(log => Processes($"liferaft {log}", log)),
        new("etcd", "three processes with their defaults, asked at the leader's endpoint; durable before it is acknowledged.", EtcdProcesses.Start)
        {
            Missing = () => EtcdProcesses.Program is null ? "etcd is not installed: apt-get install etcd-server." : null,
        },
        .. SiloSettings.Logs.Select(log => InProcess($"liferaft {log}, one process", log)),
        new("DotNext", "DotNext.Net.Cluster 6.12.0, three nodes in this process over TCP, proposed to at the leader's object; ChunkSize 4 MiB, PrivateMemory. "
            + "A node syncs when an entry is committed, so a follower acknowledges before it has synced; entries are applied to nothing.", DotNextCluster.Start),
    ];

    private static SystemKind Processes(string name, string log) =>
        new(name, "three silos that are processes and a client in this one; durable on a majority before it is acknowledged.", async () => await LifeRaftProcesses.Start(name, log));

    private static SystemKind InProcess(string name, string log) =>
        new(name, "three silos in this process over TCP, asked in the leader's silo; durable on a majority before it is acknowledged.", () => LifeRaftInProcess.Start(name, log));
}
