namespace LifeRaft.Hosting;

/// <summary>One registered state machine.</summary>
/// <param name="Name">The first part of the names of its groups.</param>
/// <param name="Machine">Its class.</param>
/// <param name="Create">Makes the instance of one node.</param>
/// <param name="NodeGrain">The class of its nodes' grains.</param>
internal sealed record MachineRegistration(string Name, Type Machine, Func<IServiceProvider, IStateMachine> Create, Type NodeGrain);

/// <summary>The state machines of this silo, by name.</summary>
internal sealed class MachineRegistry(IEnumerable<MachineRegistration> registrations, IServiceProvider services, GrainTypeOf grainTypeOf)
{
    private readonly Dictionary<string, MachineRegistration> _machines = registrations.GroupBy(registration => registration.Name)
        .ToDictionary(group => group.Key, group => group.Last());

    public IStateMachine Create(GroupName group) => Find(group).Create(services);

    /// <summary>The id of the grain of a node.</summary>
    public GrainId GrainOf(NodeKey key) => GrainId.Create(grainTypeOf(Find(key.Group).NodeGrain), key.ToString());

    private MachineRegistration Find(GroupName group) => _machines.TryGetValue(group.Machine, out var machine)
        ? machine
        : throw new InvalidRequestException($"No state machine is registered as '{group.Machine}', which the group {group} needs. Registered are: {string.Join(", ", _machines.Keys.Order())}. Add it with AddLifeRaft(raft => raft.AddStateMachine(...)) on every silo.");
}

/// <summary>The grain type of a grain class.</summary>
internal delegate GrainType GrainTypeOf(Type grainClass);
