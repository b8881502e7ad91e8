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

    private DashboardHost(WebApplication application)
    {
        _application = application;
        Url = new Uri(_application.Urls.Single());
        Client = new HttpClient { BaseAddress = Url };
    }

    public Uri Url { get; }

    public IServiceProvider Services => _application.Services;

    /// <summary>Somebody who is no browser.</summary>
    public HttpClient Client { get; }

    public static async Task<DashboardHost> Start(IGrainFactory grains, DashboardSetup? setup = null)
    {
        setup ??= new DashboardSetup();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{setup.Port}");
        builder.Services.AddSingleton(grains);
        setup.Services?.Invoke(builder.Services);
        var host = builder.Build();
        try
        {
            var endpoints = host.MapLifeRaftDashboard(setup.Prefix, setup.Options);
            setup.Conventions?.Invoke(endpoints);
            await host.StartAsync();
            return new DashboardHost(host);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    public static Task<DashboardHost> Start(RaftTestCluster cluster, string silo, DashboardSetup? setup = null)
    {
        setup ??= new DashboardSetup();
        var services = setup.Services;
        return Start(cluster.ClientAt(silo), setup with
        {
            Services = own =>
            {
                own.AddSingleton(cluster.Services(silo).GetRequiredService<ILocalSiloDetails>());
                services?.Invoke(own);
            },
        });
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _application.DisposeAsync();
    }
}

/// <summary>How a host is set up; port 0 is any free one.</summary>
public sealed record DashboardSetup(
    string Prefix = "/",
    Action<LifeRaftDashboardOptions>? Options = null,
    Action<IServiceCollection>? Services = null,
    Action<IEndpointConventionBuilder>? Conventions = null,
    int Port = 0);
