using LifeRaft;
using LifeRaft.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Providers;
using Orleans.Runtime.Hosting;
using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace Orleans.Hosting;

/// <summary>Raft groups as grain storage.</summary>
public static class LifeRaftGrainStorageExtensions
{
    /// <summary>Keeps the states of grains that name no storage in Raft groups; see <see cref="AddLifeRaftGrainStorage(ISiloBuilder, string, Action{LifeRaftGrainStorageOptions})"/>.</summary>
    public static ISiloBuilder AddLifeRaftGrainStorageAsDefault(this ISiloBuilder silo, Action<LifeRaftGrainStorageOptions>? configure = null) =>
        silo.AddLifeRaftGrainStorage(ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, configure);

    /// <summary>
    /// Keeps states of grains in Raft groups on the silos themselves. The call registers the state machine and declares the groups; a log
    /// store is chosen in <c>AddLifeRaft</c>. The same on every silo.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="name">The name of the storage, as in <c>[PersistentState("profile", "name")]</c>.</param>
    /// <param name="configure">Options in code.</param>
    public static ISiloBuilder AddLifeRaftGrainStorage(this ISiloBuilder silo, string name, Action<LifeRaftGrainStorageOptions>? configure = null) =>
        silo.AddLifeRaftGrainStorage(name, storage => storage.Configure(configure ?? (static _ => { })));

    /// <summary>As above, with the options' builder.</summary>
    public static ISiloBuilder AddLifeRaftGrainStorage(this ISiloBuilder silo, string name, Action<OptionsBuilder<LifeRaftGrainStorageOptions>> configure)
    {
        ArgumentNullException.ThrowIfNull(silo);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(configure);
        silo.AddLifeRaft(raft => raft.AddStateMachine<KeyValueMachine>(LifeRaftGrainStorage.Machine));
        var services = silo.Services;
        configure(services.AddOptions<LifeRaftGrainStorageOptions>(name).ValidateOnStart());
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LifeRaftGrainStorageOptions>, LifeRaftGrainStorageOptionsValidator>());
        services.TryAddEnumerable(ServiceDescriptor.Transient<IPostConfigureOptions<LifeRaftGrainStorageOptions>, DefaultStorageProviderSerializerOptionsConfigurator<LifeRaftGrainStorageOptions>>());
        services.AddOptions<RaftOptions>().Configure<IOptionsMonitor<LifeRaftGrainStorageOptions>>((raft, storages) => Declare(raft, name, storages.Get(name)));
        return silo.ConfigureServices(all => all.AddGrainStorage(name, Create));
    }

    private static void Declare(RaftOptions raft, string name, LifeRaftGrainStorageOptions storage)
    {
        foreach (var group in storage.GroupNames(name))
        {
            raft.Groups[group.ToString()] = new GroupDeclaration { Members = storage.Members };
        }
    }

    private static LifeRaftGrainStorage Create(IServiceProvider services, string name)
    {
        var options = services.GetRequiredService<IOptionsMonitor<LifeRaftGrainStorageOptions>>().Get(name);
        return new LifeRaftGrainStorage(
            name,
            options,
            options.Timeout ?? services.GetRequiredService<IOptions<RaftOptions>>().Value.CommandTimeout,
            services.GetRequiredService<IGrainFactory>(),
            services.GetRequiredService<IActivatorProvider>(),
            services.GetRequiredService<TimeProvider>());
    }
}
