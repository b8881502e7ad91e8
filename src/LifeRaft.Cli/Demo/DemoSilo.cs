using System.Net;
using System.Net.Sockets;
using LifeRaft.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace LifeRaft.Cli;

/// <summary>One silo of the demo, with its log on disk.</summary>
internal sealed class DemoSilo : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _isDown;

    private DemoSilo(string name, IHost host)
    {
        Name = name;
        _host = host;
    }

    public string Name { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<DemoSilo> Start(string name, string directory, ProcessMembershipTable membership, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleans(silo =>
        {
            silo.Services.AddSingleton<IMembershipTable>(membership);
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("demo", "demo"));
            silo.Configure<SiloOptions>(options => options.SiloName = name);
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), 0, listenOnAnyHostAddress: false);
            silo.AddLifeRaft(raft => raft.AddStateMachine<KeyValueMachine>("kv").UseRocksDbLog(directory));
        });
        var host = builder.Build();
        await host.StartAsync(cancellationToken);
        return new DemoSilo(name, host);
    }

    /// <summary>
    /// As near to <c>kill -9</c> as one process allows: the nodes fall silent and the log is cut off first; only then is the host taken
    /// down, without the time to say goodbye.
    /// </summary>
    public async Task Kill()
    {
        _isDown = true;
        await _host.Services.GetRequiredService<SiloRaft>().Halt();
        await Stop(new CancellationToken(canceled: true));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_isDown)
        {
            _isDown = true;
            await Stop(CancellationToken.None);
        }
    }

    private async Task Stop(CancellationToken patience)
    {
        try
        {
            await _host.StopAsync(patience);
        }
        catch (OperationCanceledException)
        {
            // A silo without time to stop complains of that.
        }

        _host.Dispose();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
