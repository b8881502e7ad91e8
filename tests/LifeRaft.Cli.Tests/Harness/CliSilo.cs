using System.Net;
using LifeRaft.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

namespace LifeRaft.Cli.Tests;

/// <summary>A silo of this process with a gateway on loopback, as the tool meets it, and its log on disk.</summary>
internal sealed class CliSilo
{
    private readonly IHost _host;

    private CliSilo(IHost host, int gatewayPort) => (_host, GatewayPort) = (host, gatewayPort);

    public int GatewayPort { get; }

    public IGrainFactory Grains => _host.Services.GetRequiredService<IGrainFactory>();

    public static async Task<CliSilo> Start(string name, string directory, IMembershipTable membership, Action<ISiloBuilder>? configure, Action<RaftOptions>? options)
    {
        var ports = (Silo: FreePort.Next(), Gateway: FreePort.Next());
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleans(silo =>
        {
            silo.Services.AddSingleton(membership);
            silo.Configure<ClusterOptions>(own => (own.ClusterId, own.ServiceId) = (CliCluster.Id, CliCluster.Id));
            silo.Configure<SiloOptions>(own => own.SiloName = name);
            silo.ConfigureEndpoints(IPAddress.Loopback, ports.Silo, ports.Gateway, listenOnAnyHostAddress: false);
            silo.AddLifeRaft(
                raft => raft.AddStateMachine<KeyValueMachine>("kv").AddStateMachine<LockMachine>("locks").AddStateMachine<LockMachine>("lock").UseRocksDbLog(directory),
                own =>
                {
                    own.AllowDestructiveCallsFromClients = true;
                    options?.Invoke(own);
                });
            configure?.Invoke(silo);
        });
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new CliSilo(host, ports.Gateway);
    }

    /// <summary>Falls silent and goes down without a goodbye.</summary>
    public async Task Kill()
    {
        await _host.Services.GetRequiredService<SiloRaft>().Halt();
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
