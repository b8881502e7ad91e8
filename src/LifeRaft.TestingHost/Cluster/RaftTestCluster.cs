using LifeRaft.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.TestingHost;

namespace LifeRaft.TestingHost;

/// <summary>
/// Silos with Raft groups in the process of a test, and what can happen to them. Their logs are in memory and outlive them, as disks do.
/// Silos are called <c>Silo_0</c>, <c>Silo_1</c> and so on.
/// </summary>
/// <remarks>
/// <para>
/// The silos, their grains and the groups are the real ones. What is not: a kill leaves the process and its threads alive; Orleans'
/// membership is a table in memory and never gives up a silo that is merely cut off; and messages between the nodes of a group are handed
/// over in memory. So a test here shows what an application does when leaders move, silos die and time passes. It does not show what
/// a disk or an operating system does.
/// </para>
/// <para>Methods that wait give up after <see cref="Patience"/> and say what they last saw. Call those that change silos one at a time.</para>
/// </remarks>
public sealed class RaftTestCluster : IAsyncDisposable
{
    private readonly SortedDictionary<int, InProcessSiloHandle> _silos = [];
    private readonly Dictionary<string, MemoryDisk> _disks = [];
    private readonly TestNetwork _network = new();
    private readonly TestTime _time = new();
    private InProcessTestCluster _cluster = null!;

    private RaftTestCluster()
    {
    }

    /// <summary>How long something is waited for.</summary>
    /// <value>60 s by default: many times what anything takes.</value>
    public TimeSpan Patience { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>A client outside the silos. It reaches every silo, also those that are cut off from the others.</summary>
    public IClusterClient Client => _cluster.Client;

    /// <summary>The silos that run.</summary>
    public IReadOnlyList<string> Silos => [.. _silos.Keys.Select(Name)];

    /// <summary>The clock of the silos' LifeRaft and of their grains' timers: real time, and what <see cref="Advance"/> has added.</summary>
    public TimeProvider Time => _time;

    /// <summary>Starts silos.</summary>
    /// <param name="silos">How many, 1 to 9.</param>
    /// <param name="configure">The state machines, on every silo. A log store is chosen already.</param>
    /// <param name="options">LifeRaft's options, on every silo.</param>
    /// <param name="configureSilo">Anything else, for the silo of that name.</param>
    /// <exception cref="InvalidRequestException">The number is out of range.</exception>
    public static async Task<RaftTestCluster> Start(
        int silos, Action<LifeRaftBuilder>? configure = null, Action<RaftOptions>? options = null, Action<string, ISiloBuilder>? configureSilo = null)
    {
        if (silos is < 1 or > 9)
        {
            throw new InvalidRequestException($"A test cluster has 1 to 9 silos, not {silos}.");
        }

        var cluster = new RaftTestCluster();
        var builder = new InProcessTestClusterBuilder((short)silos);
        builder.Options.ConfigureFileLogging = false;
        builder.ConfigureHost(host => host.Logging.SetMinimumLevel(LogLevel.None));
        builder.ConfigureSilo((siloOptions, silo) =>
        {
            cluster.Configure(siloOptions.SiloName, silo);
            silo.AddLifeRaft(configure, options);
            configureSilo?.Invoke(siloOptions.SiloName, silo);
        });
        cluster._cluster = builder.Build();
        await cluster._cluster.DeployAsync();
        foreach (var silo in cluster._cluster.Silos)
        {
            cluster.Started(silo);
        }

        return cluster;
    }

    /// <summary>The services of a silo that runs.</summary>
    /// <exception cref="InvalidRequestException">It does not run.</exception>
    public IServiceProvider Services(string silo) => Handle(silo).ServiceProvider;

    /// <summary>A client at a silo, as its grains have it: when the silo is cut off, so is this.</summary>
    /// <exception cref="InvalidRequestException">The silo does not run.</exception>
    public IClusterClient ClientAt(string silo) => Services(silo).GetRequiredService<IClusterClient>();

    /// <summary>Founds a group with a member on each silo that runs, and waits for its leader.</summary>
    /// <param name="name">The group, <c>{machine}/{name}</c>.</param>
    public async Task<RaftGroup> Create(string name)
    {
        var group = Client.GetRaftGroup(name);
        await group.Create([.. Silos.Select(AddressAt)]);
        await WaitForLeader(group);
        return group;
    }

    /// <summary>Founds a group of a typed machine with a member on each silo that runs, and waits for its leader.</summary>
    /// <param name="name">The group's own name, or the full one.</param>
    /// <typeparam name="TMachine">The machine.</typeparam>
    public async Task<RaftGroup<TMachine>> Create<TMachine>(string name)
        where TMachine : class
    {
        var group = Client.GetRaft<TMachine>(name);
        await Create(group.Group.Name.ToString());
        return group;
    }

    /// <summary>The address of the member that <see cref="Create(string)"/> founds on a silo, for instance <c>1@Silo_0</c>.</summary>
    public static string AddressAt(string silo) => $"{Number(silo) + 1}@{silo}";

    /// <summary>The silo of a member's address.</summary>
    /// <exception cref="InvalidNameException">It is no address.</exception>
    public static string SiloOf(string address) => NodeAddress.Parse(address).Silo;

    /// <summary>The group's nodes on the silos that run, as each sees itself; also those that are cut off.</summary>
    public async Task<IReadOnlyList<NodeStatus>> Status(RaftGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        var nodes = _silos.Values.SelectMany(silo => NodesOf(silo.ServiceProvider, group)).ToList();
        return [.. (await Task.WhenAll(nodes.Select(node => node.Status()))).OrderBy(node => node.Address, StringComparer.Ordinal)];
    }

    /// <summary>Waits until a majority of the group's voters follows one leader, and is not cut off from it.</summary>
    public async Task<NodeStatus> WaitForLeader(RaftGroup group)
    {
        var nodes = await Until($"a majority of {group?.Name} follows a leader", () => Status(group!), nodes => LeaderAmong(nodes) is not null);
        return LeaderAmong(nodes)!;
    }

    /// <summary>Waits until all nodes of the group, on silos that run and are not cut off from the leader's, have applied all of its log.</summary>
    public Task<IReadOnlyList<NodeStatus>> WaitForAllApplied(RaftGroup group) => Until(
        $"all nodes of {group?.Name} have applied everything",
        () => Status(group!),
        nodes => LeaderAmong(nodes) is { } leader && ReachedBy(leader, nodes).All(node => node.Applied == leader.Last && node.Last == leader.Last));

    /// <summary>Waits until all have applied everything, and requires that their states are equal.</summary>
    /// <exception cref="NotDeterministicException">They differ; try <see cref="DeterminismTest"/> on the machine.</exception>
    public async Task RequireEqualStates(RaftGroup group)
    {
        ArgumentNullException.ThrowIfNull(group);
        var seen = await Until(
            $"all nodes of {group.Name} stand still at one entry",
            async () =>
            {
                await WaitForAllApplied(group);
                return await Task.WhenAll(_silos.Values.SelectMany(silo => NodesOf(silo.ServiceProvider, group)).Select(node => node.StateHash()));
            },
            hashes => hashes.Select(hash => hash.Index).Distinct().Count() == 1,
            hashes => string.Join(", ", hashes.Select(hash => $"{hash.Index}")));
        if (seen.Select(hash => hash.Hash).Distinct().Count() > 1)
        {
            throw new NotDeterministicException($"The members of {group.Name} have different states at index {seen[0].Index}: their hashes are {string.Join(", ", seen.Select(hash => hash.Hash[..12]))}. Run DeterminismTest on the machine.");
        }
    }

    /// <summary>
    /// As near to a crash as one process allows: from this moment on no node of the silo says, writes or answers anything. What it had
    /// written stays. Then its host is taken down.
    /// </summary>
    public async Task Kill(string silo)
    {
        var handle = Handle(silo);
        _network.Remove(silo);
        await handle.ServiceProvider.GetRequiredService<SiloRaft>().Halt();
        _silos.Remove(handle.InstanceNumber);
        await _cluster.KillSiloAsync(handle);
    }

    /// <summary>Stops a silo in order: it hands over the leadership that it has.</summary>
    public async Task Stop(string silo)
    {
        var handle = Handle(silo);
        await _cluster.StopSiloAsync(handle);
        _silos.Remove(handle.InstanceNumber);
        _network.Remove(silo);
    }

    /// <summary>Starts a silo that was killed or stopped. It finds its log as it left it.</summary>
    /// <exception cref="InvalidRequestException">It runs, or never did.</exception>
    public async Task Restart(string silo)
    {
        if (!_disks.ContainsKey(silo) || Silos.Contains(silo))
        {
            throw new InvalidRequestException($"{silo} cannot be restarted: it {(_disks.ContainsKey(silo) ? "runs" : "is none of this cluster")}. Those that run are {string.Join(", ", Silos)}.");
        }

        Started(await _cluster.StartSiloAsync(Number(silo), _cluster.Options));
    }

    /// <summary>
    /// Cuts these silos off from all others, until <see cref="Heal"/>: neither Raft's messages nor calls of grains get through between the
    /// two sides. A second partition takes the place of the first.
    /// </summary>
    /// <exception cref="InvalidRequestException">One of them does not run.</exception>
    public void Partition(params string[] silos)
    {
        ArgumentNullException.ThrowIfNull(silos);
        _network.Partition(silos.Select(silo => Name(Handle(silo).InstanceNumber)));
    }

    /// <summary>Ends the partition.</summary>
    public void Heal() => _network.Heal();

    /// <summary>
    /// Lets time pass for LifeRaft and for grains' timers, many times faster than it does, and returns when it has passed and everything
    /// that came of it is done. It passes in steps of half a heartbeat, after each of which every message is delivered and every write
    /// done: so leases end, and nobody misses a heartbeat who would not have missed it otherwise. Clients are not waited for: what one of
    /// them keeps alive by the system's clock, a lock or a lease, is free when more than its time to live has passed.
    /// </summary>
    /// <param name="time">How much, more than zero.</param>
    /// <param name="cancellationToken">Stops it between two steps.</param>
    /// <exception cref="InvalidRequestException">It is not more than zero.</exception>
    public async Task Advance(TimeSpan time, CancellationToken cancellationToken = default)
    {
        if (time <= TimeSpan.Zero)
        {
            throw new InvalidRequestException($"Time passes forward: {time} cannot be added.");
        }

        while (time > TimeSpan.Zero)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var heartbeat = Pumps().Select(pump => pump.Node.Configuration.Timings.Heartbeat).Append(new RaftOptions().Heartbeat).Min();
            var step = time < heartbeat / 2 ? time : heartbeat / 2;
            _time.Add(step);
            time -= step;
            await Settle();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Heal();
        foreach (var silo in Silos)
        {
            // Nobody is left to whom leadership could be handed over. Silos that were restarted the cluster does not count as its own.
            await Kill(silo);
        }

        await _cluster.DisposeAsync();
    }

    private static string Name(int silo) => $"Silo_{silo}";

    private static int Number(string silo) => int.TryParse(silo?.Split('_')[^1], out var number) && silo == Name(number)
        ? number
        : throw new InvalidRequestException($"'{silo}' is no silo of a test cluster: they are called Silo_0, Silo_1 and so on.");

    private static IEnumerable<IRaftNode> NodesOf(IServiceProvider silo, RaftGroup group)
    {
        var grains = silo.GetRequiredService<IGrainFactory>();
        return silo.GetRequiredService<PeerInbox>().Pumps
            .Select(pump => GrainId.Parse(pump.Endpoint))
            .Where(grain => NodeKey.TryParse(grain.Key.ToString(), out var key) && key.Group == group.Name)
            .Select(grain => grains.GetGrain<IRaftNode>(grain));
    }

    private NodeStatus? LeaderAmong(IReadOnlyList<NodeStatus> nodes) => nodes.FirstOrDefault(leader =>
        leader.State == Protocol.RaftState.Leader
        && leader.Members.Where(member => member.IsVoter).Select(member => member.Address).ToList() is var voters
        && ReachedBy(leader, nodes).Count(node => voters.Contains(node.Address) && node.Term == leader.Term && node.Leader == leader.Address) > voters.Count / 2);

    private IEnumerable<NodeStatus> ReachedBy(NodeStatus leader, IReadOnlyList<NodeStatus> nodes) =>
        nodes.Where(node => !_network.IsCut(SiloOf(leader.Address), SiloOf(node.Address)));

    private void Configure(string name, ISiloBuilder silo)
    {
        if (!_disks.TryGetValue(name, out var disk))
        {
            _disks.Add(name, disk = new MemoryDisk());
        }

        silo.Services.AddSingleton<TimeProvider>(_time);
        silo.Services.UseTimeProviderForBackgroundAreas(TimeProvider.System);
        silo.Services.AddSingleton(services => _network.Add(
            name, services.GetRequiredService<ILocalSiloDetails>().SiloAddress.Endpoint, services.GetRequiredService<PeerInbox>()));
        silo.Services.AddSingleton(services => _network.Add(name, services.GetRequiredService<SiloLinks>));
        silo.Services.AddSingleton<IRaftLogStore>(services => MemoryLogStore.On(disk, services.GetRequiredService<ILogger<MemoryLogStore>>()));
        silo.Configure<SiloConnectionOptions>(options => options.ConfigureSiloOutboundConnection(connections => _network.Watch(name, connections)));
        silo.Configure<ConnectionOptions>(options => options.ConnectionRetryDelay = TimeSpan.FromMilliseconds(10));

        // Who is cut off is not declared dead: partitions of tests end. Who is killed says so itself.
        silo.Configure<ClusterMembershipOptions>(options => options.NumMissedProbesLimit = 10_000);
    }

    private void Started(InProcessSiloHandle silo) => _silos[silo.InstanceNumber] = silo;

    private InProcessSiloHandle Handle(string silo) => _silos.TryGetValue(Number(silo), out var handle)
        ? handle
        : throw new InvalidRequestException($"{silo} does not run. Those that do are {string.Join(", ", Silos)}.");

    private IEnumerable<NodePump> Pumps() => _silos.Values.SelectMany(silo => silo.ServiceProvider.GetRequiredService<PeerInbox>().Pumps).Where(pump => !pump.IsOver);

    /// <summary>Returns when a round of turns has sent nothing and nothing is being written.</summary>
    private async Task Settle()
    {
        var isQuiet = false;
        while (!isQuiet)
        {
            var sent = _network.Sent;
            var written = await Task.WhenAll(Pumps().Select(AskWhetherAllIsWritten)).WaitAsync(Patience);
            isQuiet = written.All(all => all) && _network.Sent == sent;
        }
    }

    private static Task<bool> AskWhetherAllIsWritten(NodePump pump)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        pump.Post(new NodeRequest((node, _) => answer.SetResult(node.Status() is var status && status.Durable == status.Last)));
        return answer.Task;
    }

    private async Task<T> Until<T>(string phase, Func<Task<T>> look, Func<T, bool> isReached, Func<T, string>? describe = null)
    {
        var started = TimeProvider.System.GetTimestamp();
        var seen = "nothing";
        do
        {
            try
            {
                var state = await look();
                if (isReached(state))
                {
                    return state;
                }

                seen = describe?.Invoke(state) ?? (state is IReadOnlyList<NodeStatus> nodes ? Describe(nodes) : $"{state}");
            }
            catch (Exception failure) when (failure is RaftException or OrleansException)
            {
                seen = failure.Message;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System);
        }
        while (TimeProvider.System.GetElapsedTime(started) < Patience);

        throw new TimeoutException($"{phase}: not so within {Patience.TotalSeconds:0.#} s. Last seen: {seen}");
    }

    private static string Describe(IReadOnlyList<NodeStatus> nodes) => string.Join("; ", nodes.Select(node =>
        $"{node.Address} {node.State} term {node.Term} leader '{node.Leader}' last {node.Last} applied {node.Applied} {node.Failure}"));
}
