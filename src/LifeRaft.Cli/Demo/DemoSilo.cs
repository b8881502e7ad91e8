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
        Group = Grains.GetRaftGroup(DemoCluster.GroupName);
        Store = new KeyValueStore(Group);
    }

    public string Name { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    /// <summary>The group, seen from this silo.</summary>
    public RaftGroup Group { get; }

    /// <summary>The group's data, seen from this silo.</summary>
    public KeyValueStore Store { get; }

    /// <param name="name">The silo's name.</param>
    /// <param name="directory">Where its log lies.</param>
    /// <param name="membership">What the silos of the demo share.</param>
    /// <param name="addMachine">Registers the state machine.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    public static async Task<DemoSilo> Start(
        string name, string directory, ProcessMembershipTable membership, Action<LifeRaftBuilder> addMachine, CancellationToken cancellationToken)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleans(silo =>
        {
            silo.Services.AddSingleton<IMembershipTable>(membership);
            silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = ("demo", "demo"));
            silo.Configure<SiloOptions>(options => options.SiloName = name);
            silo.ConfigureEndpoints(IPAddress.Loopback, FreePort(), 0, listenOnAnyHostAddress: false);
            silo.AddLifeRaft(addMachine);
            silo.AddLifeRaft(raft => raft.UseRocksDbLog(directory));
        });
        var host = builder.Build();
        try
        {
            await host.StartAsync(cancellationToken);
            return new DemoSilo(name, host);
        }
        catch
        {
            host.Dispose();
            throw;
        }
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

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
