using LifeRaft;
using LifeRaft.Dashboard;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Puts the dashboard on a host.</summary>
public static class LifeRaftDashboardEndpointExtensions
{
    private static readonly string[] _read = ["GET", "HEAD"];
    private static readonly string[] _watch = ["GET"]; // The head of a stream has no end either.

    /// <summary>
    /// Serves a page that shows an operator the silos, groups and nodes, live, and the same as JSON: <c>api/cluster</c>,
    /// <c>api/groups/{name}</c>, <c>api/events</c>, and <c>api/stream</c> for server-sent events. Nothing can be changed from it unless
    /// <see cref="LifeRaftDashboardOptions.AllowActions"/> or <see cref="LifeRaftDashboardOptions.AllowActionsByToken"/> is called.
    /// </summary>
    /// <param name="endpoints">A silo's web application, or that of an Orleans client.</param>
    /// <param name="prefix">The path of the page.</param>
    /// <param name="configure">Options.</param>
    /// <returns>For conventions of all its endpoints, such as <c>RequireAuthorization()</c> or <c>RequireHost(...)</c>.</returns>
    /// <exception cref="InvalidOperationException">
    /// The host is no silo and no client; an option is out of range; or actions are allowed by a policy that does not exist, or by a token that was not given.
    /// </exception>
    public static IEndpointConventionBuilder MapLifeRaftDashboard(this IEndpointRouteBuilder endpoints, string prefix = "/", Action<LifeRaftDashboardOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentException.ThrowIfNullOrWhiteSpace(prefix);
        var options = new LifeRaftDashboardOptions();
        configure?.Invoke(options);
        options.Validate();

        var services = endpoints.ServiceProvider;
        var grains = services.GetService<IGrainFactory>() ?? throw new InvalidOperationException(
            "MapLifeRaftDashboard needs an IGrainFactory in the host's services. Make the host a silo (UseOrleans) or a client (UseOrleansClient), or register the one you have.");
        var time = services.GetService<TimeProvider>() ?? TimeProvider.System;
        var cluster = grains.GetRaftCluster();
        cluster.Timeout = TimeSpan.FromSeconds(2);
        var poller = new ClusterPoller(cluster, options, time, services.GetRequiredService<ILogger<ClusterPoller>>());
        var servedBy = services.GetService<ILocalSiloDetails>()?.Name ?? Environment.MachineName;
        var version = typeof(LifeRaftDashboardOptions).Assembly.GetName().Version!.ToString(3);
        var hello = new HelloMessage(servedBy, version, options.Interval.TotalMilliseconds, options.ActionsPolicy is not null, options.AsksForToken);
        var api = new DashboardApi(poller, hello, services.GetService<IHostApplicationLifetime>()?.ApplicationStopping ?? CancellationToken.None);

        var group = endpoints.MapGroup(prefix);
        foreach (var asset in Asset.All())
        {
            Map(group, $"/{asset.Path}", context => AssetResponse.Write(context, asset));
        }

        Map(group, "/api/cluster", api.Cluster);
        Map(group, "/api/groups/{**name}", api.Group);
        Map(group, "/api/events", api.Events);
        Map(group, "/api/stream", api.Stream, _watch);
        if (options.ActionsPolicy is { } policy)
        {
            ActionEndpoints.Map(group, services, grains, policy, options.AsksForToken);
            if (options.AsksForToken)
            {
                OperatorEndpoint.Map(group, _read, policy);
            }
        }

        return group;
    }

    private static void Map(RouteGroupBuilder group, string path, RequestDelegate answer, string[]? methods = null) => group
        .MapMethods(path, methods ?? _read, SecurityHeaders.With(answer))
        .WithDisplayName($"LifeRaft dashboard {path}")
        .ExcludeFromDescription();
}
