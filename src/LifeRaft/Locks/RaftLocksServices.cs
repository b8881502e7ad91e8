using LifeRaft;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Locks and elections as a service of a host.</summary>
public static class RaftLocksServices
{
    /// <summary>
    /// Adds <see cref="RaftLocks"/> on a group that replicates a <see cref="LockMachine"/>, for a silo's host or that of a client. Repeated, it changes nothing.
    /// </summary>
    /// <param name="services">The host's services; among them is Orleans' client, as on every silo.</param>
    /// <param name="group">The group, <c>locks/default</c> for instance.</param>
    /// <exception cref="InvalidNameException">The name is malformed.</exception>
    /// <exception cref="InvalidRequestException">Another group was added before: which of the two would be meant is not clear.</exception>
    public static IServiceCollection AddRaftLocks(this IServiceCollection services, string group)
    {
        ArgumentNullException.ThrowIfNull(services);
        GroupName.Parse(group);
        if (services.Select(service => service.ImplementationInstance).OfType<LocksGroup>().FirstOrDefault() is { } before)
        {
            return before.Name == group
                ? services
                : throw new InvalidRequestException($"RaftLocks are on the group {before.Name} already, so AddRaftLocks(\"{group}\") would change nothing. Register a RaftLocks of that group yourself, with a key.");
        }

        services.AddSingleton(new LocksGroup(group));
        services.TryAddSingleton(provider => new RaftLocks(provider.GetRequiredService<IClusterClient>().GetRaftGroup(group)));
        return services;
    }

    private sealed record LocksGroup(string Name);
}
