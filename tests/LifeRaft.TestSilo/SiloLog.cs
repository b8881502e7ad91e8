using LifeRaft.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Hosting;

namespace LifeRaft.TestSilo;

/// <summary>The kinds of log that a silo can be started with.</summary>
public enum SiloLog
{
    /// <summary>The durable one.</summary>
    RocksDb,

    /// <summary>A planted fault: nothing survives the process.</summary>
    Memory,

    /// <summary>A planted fault: what is acknowledged is not written yet, see <see cref="EarlyLogStore"/>.</summary>
    Early,
}

internal static class SiloLogExtensions
{
    public static LifeRaftBuilder UseLog(this LifeRaftBuilder raft, SiloLog log, string directory)
    {
        raft.AddStateMachine<KeyValueMachine>("kv");
        switch (log)
        {
            case SiloLog.Memory:
                return raft.UseInMemoryLog();
            case SiloLog.Early:
                raft.UseRocksDbLog(directory);
                raft.Services.AddSingleton<LifeRaft.Storage.RocksDb.RocksDbLogStore>();
                raft.Services.AddSingleton<IRaftLogStore>(services => new EarlyLogStore(services.GetRequiredService<LifeRaft.Storage.RocksDb.RocksDbLogStore>()));
                return raft;
            default:
                return raft.UseRocksDbLog(directory);
        }
    }
}
