using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace LifeRaft.Silo.Tests;

/// <summary>An Orleans client as an application has it.</summary>
internal sealed class SiloClient : IAsyncDisposable
{
    private readonly IHost _host;

    private SiloClient(IHost host) => _host = host;

    public IClusterClient Grains => _host.Services.GetRequiredService<IClusterClient>();

    public static Task<SiloClient> Connect(IEnumerable<int> gateways, string clusterId = "liferaft", Action<IClientBuilder>? customize = null) => Connect(clusterId, client =>
    {
        client.UseStaticClustering([.. gateways.Select(port => new IPEndPoint(IPAddress.Loopback, port))]);
        customize?.Invoke(client);
    });

    /// <summary>A client that finds the gateways itself, as the caller says.</summary>
    public static Task<SiloClient> Find(Action<IClientBuilder> clustering) => Connect("liferaft", clustering);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(TestContext.Current.CancellationToken);
        _host.Dispose();
    }

    private static async Task<SiloClient> Connect(string clusterId, Action<IClientBuilder> customize)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleansClient(client =>
        {
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (clusterId, "liferaft"));
            customize(client);
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            return new SiloClient(host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }
}
