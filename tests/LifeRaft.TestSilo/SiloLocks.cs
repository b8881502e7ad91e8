using LifeRaft.Hosting;

namespace LifeRaft.TestSilo;

/// <summary>What a silo does with locks.</summary>
public enum SiloLocks
{
    /// <summary>It can keep groups of locks.</summary>
    Kept,

    /// <summary>It has clients of its own that use them, see <see cref="SiloLockClients"/>.</summary>
    Used,

    /// <summary>The same, and a planted fault, see <see cref="WallClockLocks"/>.</summary>
    ByWallClock,
}

internal static class SiloLocksExtensions
{
    public static LifeRaftBuilder AddLocks(this LifeRaftBuilder raft, SiloLocks locks) => locks == SiloLocks.ByWallClock
        ? raft.AddStateMachine<WallClockLocks>("locks")
        : raft.AddStateMachine<LockMachine>("locks");
}
