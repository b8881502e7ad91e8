using LifeRaft.Hosting;
using Orleans.Configuration;

namespace LifeRaft.Silo;

/// <summary>Orleans and LifeRaft as the settings say.</summary>
internal static class OrleansSilo
{
    public const string KeyValueMachineName = "kv";
    public const string LockMachineName = "lock";

    public static void Configure(ISiloBuilder silo, SiloConfiguration configuration, SiloCertificate? certificate)
    {
        var settings = configuration.Silo;
        silo.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId));
        silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
        silo.ConfigureEndpoints(HostAddress.Resolve(settings.Address), settings.Port, settings.GatewayPort, settings.ListenOnAnyAddress);
        SiloClustering.Use(silo, configuration, certificate);
        if (certificate is not null)
        {
            SiloTls.Use(silo, certificate, configuration.Tls);
        }

        silo.AddLifeRaft(raft => AddMachines(raft, configuration.Log), options => SettingProperties.Copy(configuration.LifeRaft, options));
    }

    private static void AddMachines(LifeRaftBuilder raft, LogSettings log)
    {
        raft.AddStateMachine<KeyValueMachine>(KeyValueMachineName).AddStateMachine<LockMachine>(LockMachineName);
        if (log.Kind == LogKind.InMemory)
        {
            raft.UseInMemoryLog();
        }
        else
        {
            raft.UseRocksDbLog(log.Directory);
        }
    }
}
