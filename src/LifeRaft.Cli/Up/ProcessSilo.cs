using System.Net;
using System.Net.Sockets;
using LifeRaft.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace LifeRaft.Cli;

/// <summary>One silo of this process, for clusters that live in it and end with it.</summary>
internal sealed class ProcessSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _isDown;

    private ProcessSilo(string name, IHost host) => (Name, _host) = (name, host);

    public string Name { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <param name="name">The silo's name.</param>
    /// <param name="clusterId">Orleans' name for the cluster and for the service.</param>
    /// <param name="gatewayPort">The port for clients, on the loopback interface; 0 for none.</param>
    /// <param name="membership">What the silos of the cluster share.</param>
    /// <param name="configure">Its state machines and its log.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<ProcessSilo> Start(
        string name, string clusterId, int gatewayPort, ProcessMembershipTable membership, Action<ISiloBuilder> configure, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.UseOrleans(silo =>
        {
            silo.Services.AddSingleton<IMembershipTable>(membership);
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (clusterId, clusterId));
            silo.Configure<SiloOptions>(options => options.SiloName = name);
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), gatewayPort, listenOnAnyHostAddress: false);
            configure(silo);
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
            return new ProcessSilo(name, host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>A port of the loopback interface that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>
    /// As near to <c>kill -9</c> as one process allows: before the call returns, the nodes have fallen silent and the log is being cut
    /// off; the task is the host that is taken down, without the time to say goodbye.
    /// </summary>
    public async Task Kill()
    {
        _isDown = true;
        var halted = _host.Services.GetRequiredService<SiloRaft>().Halt();
        await halted;
        await StopAtOnce();
    }

    public async ValueTask DisposeAsync()
    {
        // What is acknowledged is durable: nothing is gained by the seconds that three silos take to say goodbye to each other.
        if (!_isDown)
        {
            await Kill();
        }
    }

    private async Task StopAtOnce()
    {
        try
        {
            await _host.StopAsync(new CancellationToken(canceled: true));
        }
        catch (OperationCanceledException)
        {
            // A silo without time to stop complains of that.
        }

        _host.Dispose();
    }
}
