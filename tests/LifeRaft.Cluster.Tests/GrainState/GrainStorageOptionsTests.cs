using LifeRaft.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Hosting;

namespace LifeRaft.Cluster.Tests;

/// <summary>What can be said of a grain storage, in code and in configuration.</summary>
public sealed class GrainStorageOptionsTests
{
    [Fact]
    public void The_defaults_are_valid_and_declare_four_groups_of_three()
    {
        using var host = Host(silo => silo.AddLifeRaftGrainStorageAsDefault());
        Assert.Equal(
            [("grain-state/Default-0", 3), ("grain-state/Default-1", 3), ("grain-state/Default-2", 3), ("grain-state/Default-3", 3)],
            Groups(host));
        Assert.True(Storage(host, "Default").DeleteOnClear);
        Assert.NotNull(Storage(host, "Default").GrainStorageSerializer);
    }

    [Fact]
    public void Every_option_can_be_configured_and_two_storages_stand_beside_each_other()
    {
        using var host = Host(
            silo => silo.AddLifeRaftGrainStorage("inCode", options => (options.Groups, options.Members) = (2, 1)),
            ("Users:ProviderType", "LifeRaft"), ("Users:groups", "1"), ("Users:Members", "5"), ("Users:GroupPrefix", "people"), ("Users:DeleteOnClear", "false"), ("Users:Timeout", "500 ms"));
        Assert.Equal([("grain-state/inCode-0", 1), ("grain-state/inCode-1", 1), ("grain-state/people-0", 5)], Groups(host));
        Assert.False(Storage(host, "Users").DeleteOnClear);
        Assert.Equal(TimeSpan.FromMilliseconds(500), Storage(host, "Users").Timeout);
    }

    [Fact]
    public void Every_problem_is_named_at_the_start()
    {
        using var host = Host(silo => silo.AddLifeRaftGrainStorage("my storage", options => (options.Groups, options.Members, options.Timeout) = (65, 2, TimeSpan.Zero)));
        Assert.Equal(
            [
                "Grain storage 'my storage': Groups must be from 1 to 64, but is 65.",
                "Grain storage 'my storage': Members must be 1, 3, 5, 7 or 9, but is 2: an even number survives no more losses than one less.",
                "Grain storage 'my storage': 'my storage' cannot begin the names of groups: 1 to 60 letters, digits, '.', '_' and '-' can. Set GroupPrefix.",
                "Grain storage 'my storage': Timeout must be from 1 ms to 1 d, but is 0 s.",
            ],
            Assert.Throws<OptionsValidationException>(() => Storage(host, "my storage")).Failures);
    }

    [Theory]
    [InlineData("Users:Shards", "3", "Orleans:GrainStorage:Users:Shards is no option of a grain storage of LifeRaft. The nearest is 'Groups'; correct or remove it.")]
    [InlineData("Users:Groups", "many", "Orleans:GrainStorage:Users:Groups: 'many' is no whole number up to 2147483647. Write digits only, for instance '1048576'; sizes are in bytes.")]
    public void A_bad_key_or_value_names_its_path(string key, string value, string expected)
    {
        using var host = Host(null, ("Users:ProviderType", "LifeRaft"), (key, value));
        Assert.Equal(expected, Assert.Single(Assert.Throws<OptionsValidationException>(() => Storage(host, "Users")).Failures));
    }

    [Fact]
    public void A_silo_without_a_log_store_says_which_ones_there_are()
    {
        using var host = Host(silo => silo.AddLifeRaftGrainStorageAsDefault());
        var failure = Assert.Throws<InvalidRequestException>(() => host.Services.GetRequiredService<IRaftLogStore>());
        Assert.StartsWith("LifeRaft has no log store. Choose one in AddLifeRaft: raft.UseRocksDbLog(directory)", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_storage_needs_a_name()
    {
        Assert.ThrowsAny<ArgumentException>(() => Host(silo => silo.AddLifeRaftGrainStorage("", static (LifeRaftGrainStorageOptions _) => { })));
        Assert.ThrowsAny<ArgumentException>(() => LifeRaftGrainStorageExtensions.AddLifeRaftGrainStorageAsDefault(null!));
    }

    private static IHost Host(Action<ISiloBuilder>? configure, params (string Key, string? Value)[] storages)
    {
        var host = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        host.Configuration.AddInMemoryCollection(storages.Select(setting => KeyValuePair.Create($"Orleans:GrainStorage:{setting.Key}", setting.Value)));
        host.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering();
            configure?.Invoke(silo);
        });
        return host.Build();
    }

    private static IEnumerable<(string Name, int Members)> Groups(IHost host) =>
        host.Services.GetRequiredService<IOptions<RaftOptions>>().Value.Groups.Select(group => (group.Key, group.Value.Members)).Order();

    private static LifeRaftGrainStorageOptions Storage(IHost host, string name) => host.Services.GetRequiredService<IOptionsMonitor<LifeRaftGrainStorageOptions>>().Get(name);
}
