using LifeRaft;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Messaging;

namespace Orleans.Hosting;

/// <summary>Clients of a cluster without a database.</summary>
public static class LifeRaftClusteringClientBuilderExtensions
{
    /// <summary>
    /// Finds the gateways of a cluster whose silos keep the membership table themselves. Needs the <c>ClusterOptions.ClusterId</c> of the silos. While
    /// no majority of the voters can be reached, the client goes on with the gateways that it knows.
    /// </summary>
    /// <param name="client">The client.</param>
    /// <param name="configure">The voters, as the silos have them.</param>
    public static IClientBuilder UseLifeRaftClustering(this IClientBuilder client, Action<LifeRaftClusteringOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(configure);
        var services = client.Services;
        services.AddOptions<LifeRaftClusteringOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LifeRaftClusteringOptions>, LifeRaftClusteringOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IGatewayListProvider, LifeRaftGatewayListProvider>();
        return client;
    }

    /// <summary>
    /// The same with options from a configuration section, which may be the silos' own: <c>{ "Voters": { "silo-1": "10.0.0.1:12111", ... } }</c>.
    /// </summary>
    /// <exception cref="OptionsValidationException">When the client starts: keys that are unknown and values that cannot be read, all of them.</exception>
    public static IClientBuilder UseLifeRaftClustering(this IClientBuilder client, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        return client.UseLifeRaftClustering(options => LifeRaftClusteringOptionsBinder.Bind(section, options));
    }
}
