using LifeRaft.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.TestSilo;

/// <summary>What a silo does with locks.</summary>
public enum SiloLocks
{
    /// <summary>It can keep groups of locks.</summary>
    Kept,

    /// <summary>It has clients of its own that use them, see <see cref="SiloLockClients"/>.</summary>
    Used,

    /// <summary>It hosts work that is done on one silo at a time, see <see cref="SingleWork"/>.</summary>
    Worked,

    /// <summary>It has clients of its own, and a planted fault, see <see cref="WallClockLocks"/>.</summary>
    ByWallClock,
}

internal static class SiloLocksExtensions
{
    public static IServiceCollection AddWork(this IServiceCollection services, SiloArguments arguments) => arguments.Locks == SiloLocks.Worked
        ? services.AddSingleton(arguments).AddRaftLocks(LockNames.Group).AddHostedService<SingleWork>()
        : services;

    public static LifeRaftBuilder AddLocks(this LifeRaftBuilder raft, SiloLocks locks) => locks == SiloLocks.ByWallClock
        ? raft.AddStateMachine<WallClockLocks>("locks")
        : raft.AddStateMachine<LockMachine>("locks");
}
