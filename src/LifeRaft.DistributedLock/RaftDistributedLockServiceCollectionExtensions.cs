using LifeRaft;
using LifeRaft.DistributedLock;
using LifeRaft.Protocol;
using Medallion.Threading;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers LifeRaft's locks for code that asks for the interfaces of the DistributedLock.Core package.</summary>
public static class RaftDistributedLockServiceCollectionExtensions
{
    /// <summary>
    /// Registers a <see cref="RaftDistributedLockProvider"/> for a group, as itself and as each of the package's provider interfaces. With several
    /// groups the first is the one that is meant where none is named; each can be had as a keyed service, by the group's name.
    /// </summary>
    /// <param name="services">The services of a host that has an Orleans client or a silo.</param>
    /// <param name="group">
    /// The group, for instance <c>locks/default</c>. Silos make it with <c>AddStateMachine&lt;LockMachine&gt;("locks").AddGroup("locks/default")</c>.
    /// </param>
    /// <param name="options">The time to live of what is acquired, and what others see of its holders.</param>
    /// <exception cref="InvalidNameException">The group's name is malformed.</exception>
    /// <exception cref="InvalidRequestException">An option is out of bounds.</exception>
    public static IServiceCollection AddRaftDistributedLocks(this IServiceCollection services, string group, LockOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(group);
        GroupName.Parse(group);
        options?.Require();
        services.TryAddKeyedSingleton(group, (provider, _) => new RaftDistributedLockProvider(provider.GetRequiredService<IGrainFactory>(), group, options));
        services.TryAddSingleton(provider => provider.GetRequiredKeyedService<RaftDistributedLockProvider>(group));
        AddAs<IDistributedLockProvider>(services, group);
        AddAs<IDistributedReaderWriterLockProvider>(services, group);
        AddAs<IDistributedUpgradeableReaderWriterLockProvider>(services, group);
        AddAs<IDistributedSemaphoreProvider>(services, group);
        return services;
    }

    private static void AddAs<TService>(IServiceCollection services, string group)
        where TService : class
    {
        services.TryAddKeyedSingleton(group, static (provider, key) => (TService)(object)provider.GetRequiredKeyedService<RaftDistributedLockProvider>(key));
        services.TryAddSingleton(static provider => (TService)(object)provider.GetRequiredService<RaftDistributedLockProvider>());
    }
}
