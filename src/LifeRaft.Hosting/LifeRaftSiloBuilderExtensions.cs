using LifeRaft;
using LifeRaft.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Metadata;
using Orleans.Runtime.Hosting;

namespace Orleans.Hosting;

/// <summary>LifeRaft on a silo.</summary>
public static class LifeRaftSiloBuilderExtensions
{
    /// <summary>
    /// Adds Raft groups to the silo. It may be called more than once: each call adds to what the others configured. A log store must be
    /// chosen (<c>UseRocksDbLog</c> or <c>UseInMemoryLog</c>), and <c>SiloOptions.SiloName</c> be set: nodes are pinned to that name.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">State machines and the log store.</param>
    /// <param name="options">Options in code.</param>
    public static ISiloBuilder AddLifeRaft(this ISiloBuilder silo, Action<LifeRaftBuilder>? configure = null, Action<RaftOptions>? options = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        AddOnce(silo);
        if (options is not null)
        {
            silo.Services.Configure(options);
        }

        configure?.Invoke(new LifeRaftBuilder(silo.Services));
        return silo;
    }

    /// <summary>Adds Raft groups to the silo with options from a configuration section; durations may be written as <c>150</c>, <c>150 ms</c> or <c>00:00:00.150</c>.</summary>
    public static ISiloBuilder AddLifeRaft(this ISiloBuilder silo, IConfiguration section, Action<LifeRaftBuilder>? configure = null) =>
        silo.AddLifeRaft(configure, options => RaftOptionsBinder.Bind(section, options));

    private static void AddOnce(ISiloBuilder silo)
    {
        var services = silo.Services;
        if (services.Any(service => service.ServiceType == typeof(SiloRaft)))
        {
            return;
        }

        services.AddSingleton<SiloRaft>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SiloRaft>());
        services.AddSingleton<SiloJournal>();
        services.AddSingleton<SiloReporter>();
        services.AddSingleton<NodeSessions>();
        services.AddSingleton<FoundingNotes>();
        services.AddSingleton<FirstService>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, DeclaredGroups>();
        services.AddSingleton<RunningSilos>();
        services.AddSingleton<PeerInbox>();
        services.AddSingleton<NodeTimers>();
        services.AddSingleton<SiloLinks>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>>(provider => provider.GetRequiredService<SiloLinks>());
        services.TryAddSingleton<IBeatCarrier, GrainBeats>();
        services.AddMetrics();
        services.AddSingleton<RaftInstruments>();
        services.AddSingleton<RaftGauges>();
        services.AddSingleton<SiloTelemetry>();
        services.AddSingleton<MachineRegistry>();
        services.AddSingleton<GrainTypeOf>(provider => provider.GetRequiredService<GrainTypeResolver>().GetGrainType);
        services.TryAddSingleton<IPeerTransport, GrainPeerTransport>();
        services.TryAddSingleton<IRaftLogStore>(_ => throw new InvalidRequestException(
            "LifeRaft has no log store. Choose one in AddLifeRaft: raft.UseRocksDbLog(directory), or raft.UseInMemoryLog() for tests and demos."));
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptions<RaftOptions>().ValidateOnStart();
        services.AddSingleton<IValidateOptions<RaftOptions>, RaftOptionsValidator>();
        services.AddSingleton<IValidateOptions<RaftOptions>, DeclaredMachines>();
        services.AddPlacementDirector<SiloNamePlacement, SiloNamePlacementDirector>();
        services.AddGrainDirectory<NoDirectory>(NoDirectory.Name, (_, _) => new NoDirectory());
    }
}
