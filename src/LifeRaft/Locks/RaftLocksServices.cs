using LifeRaft;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Locks and elections as a service of a host.</summary>
public static class RaftLocksServices
{
    /// <summary>
    /// Adds <see cref="RaftLocks"/> on a group that replicates a <see cref="LockMachine"/>, for a silo's host or that of a client. A second call changes nothing.
    /// </summary>
    /// <param name="services">The host's services; among them is Orleans' client, as on every silo.</param>
    /// <param name="group">The group, <c>locks/default</c> for instance.</param>
    /// <exception cref="InvalidNameException">The name is malformed.</exception>
    public static IServiceCollection AddRaftLocks(this IServiceCollection services, string group)
    {
        ArgumentNullException.ThrowIfNull(services);
        GroupName.Parse(group);
        services.TryAddSingleton(provider => new RaftLocks(provider.GetRequiredService<IClusterClient>().GetRaftGroup(group)));
        return services;
    }
}
