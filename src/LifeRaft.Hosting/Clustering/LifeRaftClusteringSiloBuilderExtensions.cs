using LifeRaft;
using LifeRaft.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Orleans.Hosting;

/// <summary>Clustering without a database.</summary>
public static class LifeRaftClusteringSiloBuilderExtensions
{
    /// <summary>
    /// Keeps Orleans' membership table in a Raft group of some of the silos themselves, the voters: no database, and no silo that must not
    /// be lost. The same on every silo; a voter needs <c>SiloOptions.SiloName</c> and <c>AddLifeRaft</c> with a durable log store.
    /// </summary>
    /// <remarks>
    /// <para>
    /// What is guaranteed: reads are linearizable; of those who write on the same version of the table, one succeeds; what was
    /// acknowledged is on the disks of a majority of the voters; a write whose answer was lost is repeated and applied once, and where nobody can tell, the
    /// caller gets an <see cref="OutcomeUnknownException"/>, never a guess. Founding needs no operator: when all voters are there for the first time, the first of
    /// them founds the group. A voter that has lost its disk is admitted anew by the others, as a new member.
    /// </para>
    /// <para>
    /// While no majority of the voters runs, the table can neither be read nor written: the silos that are in the cluster go on serving, and
    /// nobody joins, leaves or is evicted until the majority is back. A silo that starts meanwhile waits, and its log says for whom. When the
    /// majority has lost its disks for good, nothing is founded anew; see <see cref="DisasterRecovery"/>.
    /// </para>
    /// <para>
    /// That a silo has failed is still for Orleans to find out (<c>ClusterMembershipOptions</c>). With its defaults that takes 7 to 13 s after
    /// the process was killed, and a minute or more where the network swallows what is sent; they are left as they are, for a silo that is
    /// counted out by mistake ends itself. Raft groups do not wait for it: they elect by their own heartbeats, and a <see cref="RaftGroup"/>
    /// goes to the new leader. What was under way at the silo, or through its gateway, is repeated after a second where that does no harm,
    /// and otherwise ends with an <see cref="OutcomeUnknownException"/> after two to four.
    /// </para>
    /// </remarks>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Who the voters are, and where they listen.</param>
    public static ISiloBuilder UseLifeRaftClustering(this ISiloBuilder silo, Action<LifeRaftClusteringOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentNullException.ThrowIfNull(configure);
        var services = silo.Services;
        services.AddOptions<LifeRaftClusteringOptions>().Configure(configure).ValidateOnStart();
        if (services.Any(service => service.ServiceType == typeof(SystemGroup)))
        {
            return silo;
        }

        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LifeRaftClusteringOptions>, LifeRaftClusteringOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<SystemGroup>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(static provider => provider.GetRequiredService<SystemGroup>());
        services.AddSingleton<IMembershipTable, LifeRaftMembershipTable>();
        return silo;
    }

    /// <summary>The same with options from a configuration section: <c>{ "Voters": { "silo-1": "10.0.0.1:12111", ... } }</c>.</summary>
    /// <exception cref="OptionsValidationException">When the silo starts: keys that are unknown and values that cannot be read, all of them.</exception>
    public static ISiloBuilder UseLifeRaftClustering(this ISiloBuilder silo, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return silo.UseLifeRaftClustering(options => LifeRaftClusteringOptionsBinder.Bind(section, options));
    }
}
