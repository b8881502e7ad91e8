using LifeRaft.Hosting;
using LifeRaft.Storage.RocksDb;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
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
    public static LifeRaftBuilder UseLog(this LifeRaftBuilder raft, SiloLog log, string directory, FaultyDevice device)
    {
        if (log == SiloLog.Memory)
        {
            return raft.UseInMemoryLog();
        }

        var options = new RocksDbLogStoreOptions { Directory = directory };
        raft.Services.AddSingleton<IRaftLogStore>(services =>
        {
            var store = new RocksDbLogStore(options, services.GetRequiredService<ILogger<RocksDbLogStore>>(), device);
            return log == SiloLog.Early ? new EarlyLogStore(store) : store;
        });
        return raft;
    }
}
