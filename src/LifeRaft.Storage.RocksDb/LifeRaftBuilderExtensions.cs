using LifeRaft.Hosting;
using LifeRaft.Storage.RocksDb;
using Microsoft.Extensions.DependencyInjection;

namespace Orleans.Hosting;

/// <summary>RocksDB as a silo's log store.</summary>
public static class LifeRaftRocksDbExtensions
{
    /// <summary>Keeps the logs of the silo's nodes in a RocksDB database in that directory, which belongs to this silo alone.</summary>
    /// <param name="builder">The silo's LifeRaft.</param>
    /// <param name="directory">A directory on a local disk.</param>
    /// <param name="configure">Further options.</param>
    public static LifeRaftBuilder UseRocksDbLog(this LifeRaftBuilder builder, string directory, Action<RocksDbLogStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var options = new RocksDbLogStoreOptions { Directory = directory };
        configure?.Invoke(options);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<IRaftLogStore, RocksDbLogStore>();
        return builder;
    }
}
