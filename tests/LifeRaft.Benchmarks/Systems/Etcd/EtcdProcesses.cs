using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using LifeRaft.Benchmarks.Etcd;

namespace LifeRaft.Benchmarks;

/// <summary>Three processes of etcd with its defaults, asked at the leader's endpoint: which syncs before it acknowledges, as do its followers.</summary>
internal sealed class EtcdProcesses : ISystem
{
    private const int Members = 3;
    private const int ClientsPerConnection = 32;
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(1);

    private readonly string _directory = Directory.CreateTempSubdirectory("liferaft-etcd-").FullName;
    private readonly List<ChildProcess> _processes = [];
    private readonly List<GrpcChannel> _channels = [];

    public string Name => "etcd";

    public IReadOnlyList<Workload> Workloads { get; private set; } = [];

    /// <summary>The program, or null where it is not installed.</summary>
    public static string? Program => Environment.GetEnvironmentVariable("PATH")?.Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "etcd")).FirstOrDefault(File.Exists);

    public static async Task<ISystem> Start()
    {
        var etcd = new EtcdProcesses();
        try
        {
            var clientPorts = etcd.StartMembers();
            var leader = await Leader(clientPorts).WaitAsync(_patience);
            await etcd.AddWorkloads(leader);
            return etcd;
        }
        catch (Exception failure) when (failure is TimeoutException or RpcException)
        {
            var said = string.Join(Environment.NewLine, etcd._processes.Select(process => process.Said));
            await etcd.DisposeAsync();
            throw new InvalidOperationException($"etcd did not start: {failure.Message} {said}", failure);
        }
    }

    /// <summary>Of etcd, which is no .NET, what is allocated is not known.</summary>
    public Task<Usage> Used() => Task.FromResult(_processes.Aggregate(Usage.OfThisProcess(), (sum, process) => sum + new Usage(process.Cpu, AllocatedBytes: null)));

    public async ValueTask DisposeAsync()
    {
        _channels.ForEach(channel => channel.Dispose());
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        Directory.Delete(_directory, recursive: true);
    }

    private List<int> StartMembers()
    {
        var ports = Enumerable.Range(1, Members).Select(number => (Name: $"m{number}", Peer: $"http://127.0.0.1:{Ports.Free()}", Client: Ports.Free())).ToList();
        var all = string.Join(',', ports.Select(member => $"{member.Name}={member.Peer}"));
        foreach (var (name, peer, client) in ports)
        {
            var endPoint = $"http://127.0.0.1:{client}";
            _processes.Add(ChildProcess.Start(Program!,
            [
                "--name", name, "--data-dir", Path.Combine(_directory, name), "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
                "--listen-client-urls", endPoint, "--advertise-client-urls", endPoint, "--initial-cluster", all, "--initial-cluster-state", "new", "--log-level", "error",
            ]));
        }

        return [.. ports.Select(member => member.Client)];
    }

    /// <summary>The client's port of the member that leads, when there is one.</summary>
    private static async Task<int> Leader(IReadOnlyList<int> ports)
    {
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (await pause.WaitForNextTickAsync())
        {
            foreach (var port in ports)
            {
                using var channel = Open(port);
                try
                {
                    var status = await new Maintenance.MaintenanceClient(channel).StatusAsync(new StatusRequest());
                    if (status.Leader != 0 && status.Leader == status.Header.MemberId)
                    {
                        return port;
                    }
                }
                catch (RpcException)
                {
                    // Not up yet.
                }
            }
        }

        throw new InvalidOperationException("The timer ended.");
    }

    private async Task AddWorkloads(int port)
    {
        const int Connections = 16;
        const int Keys = 1000;
        _channels.AddRange(Enumerable.Range(0, Connections).Select(_ => Open(port)));
        var clients = _channels.Select(channel => new KV.KVClient(channel)).ToList();
        var usual = ByteString.CopyFrom(Values.OfLength(Values.UsualBytes));
        await Task.WhenAll(Enumerable.Range(0, Keys).Select(key => Write(key, usual)));
        Workloads =
        [
            .. Values.Lengths.Select(bytes => Writes(ByteString.CopyFrom(Values.OfLength(bytes)))),
            Workload.OfRequests(Workload.Read, usual.Length, Read),
            Workload.OfMixed(usual.Length, Read, client => Write(client, usual)),
        ];

        Workload Writes(ByteString value) => Workload.OfRequests(Workload.Write, value.Length, client => Write(client, value));

        Task Write(int client, ByteString value) => Of(client).PutAsync(new PutRequest { Key = KeyOf(client, value.Length), Value = value }).ResponseAsync;

        // Linearizable, which is etcd's default.
        Task Read(int client) => Of(client).RangeAsync(new RangeRequest { Key = KeyOf(client, usual.Length) }).ResponseAsync;

        KV.KVClient Of(int client) => clients[client / ClientsPerConnection % clients.Count];

        static ByteString KeyOf(int client, int valueBytes) => ByteString.CopyFromUtf8($"{valueBytes}-{client % Keys}");
    }

    private static GrpcChannel Open(int port) => GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
}
