using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What a pump touches. The machine has been loaded from the log's snapshot, if there is one.</summary>
internal sealed record NodePorts(
    string Endpoint,
    INodeLog Log,
    IPeerTransport Transport,
    IStateMachine Machine,
    INodeObserver Observer,
    IPumpHost Host,
    Func<GroupId, bool> IsDeleted,
    TimeProvider Time)
{
    /// <summary>Makes an empty state machine, into which a leader's snapshot is loaded.</summary>
    public required Func<IStateMachine> CreateMachine { get; init; }

    /// <summary>When the node takes a snapshot by itself.</summary>
    public required SnapshotThresholds Thresholds { get; init; }
}
