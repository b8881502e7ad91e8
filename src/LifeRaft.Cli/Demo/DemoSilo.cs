using LifeRaft.Hosting;

namespace LifeRaft.Cli;

/// <summary>One silo of the demo, with its log on disk.</summary>
internal sealed class DemoSilo : IAsyncDisposable
{
    private readonly ProcessSilo _silo;

    private DemoSilo(ProcessSilo silo)
    {
        _silo = silo;
        Group = Grains.GetRaftGroup(DemoCluster.GroupName);
        Store = new KeyValueStore(Group);
    }

    public string Name => _silo.Name;

    public IGrainFactory Grains => _silo.Grains;

    /// <summary>The group, seen from this silo.</summary>
    public RaftGroup Group { get; }

    /// <summary>The group's data, seen from this silo.</summary>
    public KeyValueStore Store { get; }

    /// <param name="name">The silo's name.</param>
    /// <param name="directory">Where its log lies.</param>
    /// <param name="membership">What the silos of the demo share.</param>
    /// <param name="addMachine">Registers the state machine.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<DemoSilo> Start(
        string name, string directory, ProcessMembershipTable membership, Action<LifeRaftBuilder> addMachine, CancellationToken cancellationToken) =>
        new(await ProcessSilo.Start(name, "demo", gatewayPort: 0, membership, silo => silo.AddLifeRaft(addMachine).AddLifeRaft(raft => raft.UseRocksDbLog(directory)), cancellationToken));

    /// <inheritdoc cref="ProcessSilo.Kill"/>
    public Task Kill() => _silo.Kill();

    public ValueTask DisposeAsync() => _silo.DisposeAsync();
}
