using LifeRaft.TestingHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Dashboard.Tests;

/// <summary>A web host with the dashboard beside a silo, which sees what that silo sees.</summary>
public sealed class DashboardHost : IAsyncDisposable
{
    private readonly WebApplication _application;

    private DashboardHost(WebApplication application) => _application = application;

    public Uri Url => new(_application.Urls.Single());

    public IServiceProvider Services => _application.Services;

    public static async Task<DashboardHost> Start(
        IGrainFactory grains, string prefix = "/", Action<LifeRaftDashboardOptions>? configure = null, Action<WebApplicationBuilder>? services = null, Action<WebApplication>? application = null, Action<IEndpointConventionBuilder>? conventions = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(grains);
        services?.Invoke(builder);
        var host = builder.Build();
        try
        {
            application?.Invoke(host);
            var endpoints = host.MapLifeRaftDashboard(prefix, configure);
            conventions?.Invoke(endpoints);
            await host.StartAsync();
            return new DashboardHost(host);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public static Task<DashboardHost> Start(RaftTestCluster cluster, string silo) => Start(
        cluster.ClientAt(silo), services: builder => builder.Services.AddSingleton(cluster.Services(silo).GetRequiredService<ILocalSiloDetails>()));

    public ValueTask DisposeAsync() => _application.DisposeAsync();
}
