using System.Net;
using DotNext.Buffers;
using DotNext.IO;
using DotNext.Net;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.Membership;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;
using DotNextNode = DotNext.Net.Cluster.Consensus.Raft.RaftCluster;

namespace LifeRaft.Benchmarks;

/// <summary>
/// Three nodes of DotNext.Net.Cluster in this process, over TCP, proposed to at the leader's object. Its log is
/// flushed when an entry is committed, so a follower acknowledges before its own sync, which one of LifeRaft and of etcd does not.
/// </summary>
internal sealed class DotNextCluster : ISystem
{
    private const int Members = 3;
    private const int ChunkBytes = 4 * 1024 * 1024;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly string _directory = Directory.CreateTempSubdirectory("liferaft-dotnext-").FullName;
    private readonly List<(DotNextNode Node, WriteAheadLog Log)> _nodes = [];

    public string Name => "DotNext";

    public IReadOnlyList<Workload> Workloads { get; private set; } = [];

    public static async Task<ISystem> Start()
    {
        var cluster = new DotNextCluster();
        try
        {
            var endPoints = Enumerable.Range(0, Members).Select(_ => new IPEndPoint(IPAddress.Loopback, Ports.Free())).ToList();
            foreach (var endPoint in endPoints)
            {
                await cluster.StartNode(endPoint, endPoints);
            }

            var leaderless = cluster._nodes[0].Node;
            var leader = await leaderless.WaitForLeaderAsync(_patience, CancellationToken.None);
            var node = cluster._nodes[endPoints.FindIndex(endPoint => endPoint.Equals(leader.EndPoint))].Node;
            cluster.Workloads = [.. Values.Lengths.Select(bytes => Writes(node, Values.OfLength(bytes)))];
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Task<Usage> Used() => Task.FromResult(Usage.OfThisProcess());

    public async ValueTask DisposeAsync()
    {
        foreach (var (node, log) in _nodes)
        {
            await node.StopAsync(CancellationToken.None);
            await node.DisposeAsync();
            await log.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private static Workload Writes(DotNextNode node, byte[] value) =>
        Workload.OfRequests(Workload.Write, value.Length, async _ => await node.ReplicateAsync(value));

    private async Task StartNode(IPEndPoint endPoint, IReadOnlyList<IPEndPoint> all)
    {
        var log = new WriteAheadLog(
            new WriteAheadLog.Options
            {
                Location = Path.Combine(_directory, $"{endPoint.Port}"),
                ChunkSize = ChunkBytes,
                MemoryManagement = WriteAheadLog.MemoryManagementStrategy.PrivateMemory,
            },
            new NothingToApply(new DirectoryInfo(Path.Combine(_directory, $"{endPoint.Port}-state"))));
        await log.InitializeAsync();
        var configuration = new DotNextNode.TcpConfiguration(endPoint) { ColdStart = false, ConfigurationStorage = new KnownMembers(all) };
        var node = new DotNextNode(configuration) { AuditTrail = log };
        await node.StartAsync(CancellationToken.None);
        _nodes.Add((node, log));
    }

    private sealed class KnownMembers : InMemoryClusterConfigurationStorage<EndPoint>
    {
        public KnownMembers(IReadOnlyList<IPEndPoint> members)
        {
            var configuration = CreateInitialConfigurationBuilder();
            foreach (var member in members)
            {
                configuration.Add(member);
            }

            configuration.Build();
        }

        protected override void Encode(EndPoint address, ref BufferWriterSlim<byte> writer) => writer.WriteEndPoint(address);

        protected override EndPoint Decode(ref SequenceReader reader) => reader.ReadEndPoint();
    }

    /// <summary>Entries are applied to nothing, and no snapshot is taken: the log is what is measured.</summary>
    private sealed class NothingToApply(DirectoryInfo directory) : SimpleStateMachine(directory)
    {
        protected override ValueTask RestoreAsync(FileInfo snapshotFile, CancellationToken token) => ValueTask.CompletedTask;

        protected override ValueTask PersistAsync(IAsyncBinaryWriter writer, CancellationToken token) => ValueTask.CompletedTask;

        protected override ValueTask<bool> ApplyAsync(LogEntry entry, CancellationToken token) => ValueTask.FromResult(false);
    }
}
