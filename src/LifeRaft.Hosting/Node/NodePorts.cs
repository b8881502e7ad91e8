using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What a pump touches. The state has been loaded from the log's snapshot, if there is one.</summary>
internal sealed record NodePorts(
    string Endpoint,
    INodeLog Log,
    IPeerTransport Transport,
    ReplicatedState State,
    INodeObserver Observer,
    IPumpHost Host,
    Func<GroupId, bool> IsDeleted,
    TimeProvider Time)
{
    /// <summary>Makes a state machine that holds nothing, into which a leader's snapshot is loaded.</summary>
    public required Func<IStateMachine> CreateMachine { get; init; }

    /// <summary>Measures the node; null for one that nobody measures.</summary>
    public NodeMeter? Meter { get; init; }

    /// <summary>What the node holds for its callers; without bounds where only its silo asks it.</summary>
    public NodeLoad Load { get; init; } = NodeLoad.Unbounded();

    /// <summary>When the node takes a snapshot by itself.</summary>
    public required SnapshotThresholds Thresholds { get; init; }
}
