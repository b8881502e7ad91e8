namespace LifeRaft;

/// <summary>Where a handle on a group comes from.</summary>
public static class RaftGroupExtensions
{
    /// <summary>
    /// A handle on the group of that name, whether it exists yet or not. It works from any client or silo, finds the leader by itself
    /// and follows it. Handles are cheap, safe for concurrent use, and worth keeping.
    /// </summary>
    /// <param name="grains">A cluster client, or a silo's grain factory.</param>
    /// <param name="name">The group, <c>{machine}/{name}</c>.</param>
    /// <exception cref="InvalidNameException">The name is malformed.</exception>
    public static RaftGroup GetRaftGroup(this IGrainFactory grains, string name) => new(grains, GroupName.Parse(name), TimeProvider.System);

    /// <summary>What an operator sees of all silos and groups, and does with them.</summary>
    /// <param name="grains">A cluster client, or a silo's grain factory.</param>
    public static RaftCluster GetRaftCluster(this IGrainFactory grains) => new(grains, TimeProvider.System);

    /// <summary>
    /// The locks that the group of that name keeps, which replicates a <see cref="LockMachine"/>. Each handle keeps alive what was acquired
    /// through it: one for a process is enough.
    /// </summary>
    /// <param name="grains">A cluster client, or a silo's grain factory.</param>
    /// <param name="name">The group, for instance <c>locks/default</c>.</param>
    /// <exception cref="InvalidNameException">The name is malformed.</exception>
    public static RaftLocks GetRaftLocks(this IGrainFactory grains, string name) => new(grains.GetRaftGroup(name));
}
