using LifeRaft.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Providers;
using Orleans.Storage;

[assembly: RegisterProvider("LifeRaft", "GrainStorage", "Silo", typeof(LifeRaftGrainStorageProvider))]

namespace LifeRaft.Hosting;

/// <summary>A grain storage by configuration alone: <c>Orleans:GrainStorage:{name}:ProviderType=LifeRaft</c>, and its options beside that.</summary>
internal sealed class LifeRaftGrainStorageProvider : IProviderBuilder<ISiloBuilder>
{
    private const string ProviderType = "ProviderType";
    private const string SerializerKey = "SerializerKey";

    private static readonly SectionReader<LifeRaftGrainStorageOptions> Reader = new("a grain storage of LifeRaft", new()
    {
        [nameof(LifeRaftGrainStorageOptions.Groups)] = (options, text) => options.Groups = SectionValue.Whole<int>(text),
        [nameof(LifeRaftGrainStorageOptions.Members)] = (options, text) => options.Members = SectionValue.Whole<int>(text),
        [nameof(LifeRaftGrainStorageOptions.GroupPrefix)] = (options, text) => options.GroupPrefix = text,
        [nameof(LifeRaftGrainStorageOptions.DeleteOnClear)] = (options, text) => options.DeleteOnClear = SectionValue.Truth(text),
        [nameof(LifeRaftGrainStorageOptions.Timeout)] = (options, text) => options.Timeout = Duration.ParseSetting(text),
        [ProviderType] = (_, _) => { },
        [SerializerKey] = (_, _) => { },
    });

    public void Configure(ISiloBuilder builder, string? name, IConfigurationSection configurationSection) =>
        builder.AddLifeRaftGrainStorage(name ?? ProviderConstants.DEFAULT_STORAGE_PROVIDER_NAME, storage => storage.Configure<IServiceProvider>((options, services) =>
        {
            Reader.Read(configurationSection, options);
            if (configurationSection[SerializerKey] is { Length: > 0 } key)
            {
                options.GrainStorageSerializer = services.GetRequiredKeyedService<IGrainStorageSerializer>(key);
            }
        }));
}
