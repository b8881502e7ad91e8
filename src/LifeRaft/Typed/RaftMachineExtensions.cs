using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace LifeRaft;

/// <summary>Where a handle on a group with a typed machine comes from.</summary>
public static class RaftMachineExtensions
{
    /// <summary>
    /// A handle on a group that replicates the machine, whether it exists yet or not. Handles are cheap, safe for concurrent use, and
    /// worth keeping.
    /// </summary>
    /// <param name="client">A cluster client. Silos have one too, among their services.</param>
    /// <param name="name">The group's own name, for instance <c>main</c>; or the full one, <c>{machine}/{name}</c>, where the machine is registered by another name.</param>
    /// <typeparam name="TMachine">The machine, or an interface of it, with <see cref="RaftMachineAttribute"/>.</typeparam>
    /// <exception cref="InvalidNameException">The name is malformed.</exception>
    /// <exception cref="InvalidRequestException">The name is not a full one, and the machine has no <see cref="RaftMachineAttribute"/>.</exception>
    public static RaftGroup<TMachine> GetRaft<TMachine>(this IClusterClient client, string name)
        where TMachine : class
    {
        ArgumentNullException.ThrowIfNull(client);
        var full = name?.Contains('/', StringComparison.Ordinal) == true ? name : $"{RaftMachineAttribute.NameOf(typeof(TMachine))}/{name}";
        return new RaftGroup<TMachine>(client.GetRaftGroup(full), client.ServiceProvider.GetRequiredService<Serializer>());
    }
}
