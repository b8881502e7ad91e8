using LifeRaft.Hosting;

namespace LifeRaft.Cli;

/// <summary>What a run of the demo is to do.</summary>
internal sealed record DemoSettings
{
    /// <summary>At least so many writes are acknowledged in all.</summary>
    public int Writes { get; init; } = 50_000;

    /// <summary>How many clients write at once.</summary>
    public int Clients { get; init; } = 64;

    /// <summary>Where the logs lie; null for a new temporary directory.</summary>
    public string? Directory { get; init; }

    /// <summary>Whether the logs stay when the run is over.</summary>
    public bool Keep { get; init; }

    /// <summary>After this the run is a failure.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>Registers the state machine <c>kv</c> on every silo; a test plants one that is wrong.</summary>
    public Action<LifeRaftBuilder> AddMachine { get; init; } = static raft => raft.AddStateMachine<KeyValueMachine>("kv");
}
