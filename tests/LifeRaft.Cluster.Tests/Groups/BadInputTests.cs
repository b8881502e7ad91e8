using LifeRaft.Hosting;
using LifeRaft.Protocol;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace LifeRaft.Cluster.Tests;

/// <summary>Bad input gets a clear error that names what was wrong; nothing is lost and nothing crashes.</summary>
public sealed class BadInputTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    private RaftCluster Cluster => silos.Cluster;

    [Theory]
    [InlineData("kv", "'kv' is no group name")]
    [InlineData("kv/", "the name is empty")]
    [InlineData("/x", "the machine is empty")]
    [InlineData("kv/a b", "contains ' '")]
    public void A_bad_group_name_is_refused_by_name(string name, string because) =>
        Assert.Contains(because, Assert.Throws<InvalidNameException>(() => Cluster.Group(name)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("1", "'1' is no node address")]
    [InlineData("1@", "the silo is empty")]
    [InlineData("a/b@Silo_0", "contains '/'")]
    public async Task A_bad_address_is_refused_by_name(string address, string because)
    {
        var group = Cluster.Group("kv/bad-address");
        Assert.Contains(because, (await Assert.ThrowsAsync<InvalidNameException>(() => group.Create([address]))).Message, StringComparison.Ordinal);
        Assert.Contains(because, (await Assert.ThrowsAsync<InvalidNameException>(() => group.Join(address))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_state_machine_is_named_with_those_that_are_known()
    {
        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => Cluster.Group("nothing/x").Create([RaftCluster.Address(0)]));
        Assert.Contains("'nothing'", failure.Message, StringComparison.Ordinal);
        Assert.Contains("kv", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_nobody_created_is_not_found()
    {
        var failure = await Assert.ThrowsAsync<GroupNotFoundException>(() => Cluster.Group("kv/nobody").Command("x"u8.ToArray()));
        Assert.Contains("kv/nobody", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_command_over_the_limit_is_refused_with_both_numbers_and_the_group_goes_on()
    {
        var group = await Cluster.Create("kv/oversized");
        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => group.Command(new byte[(1024 * 1024) + 1]));
        Assert.Contains("1048577", failure.Message, StringComparison.Ordinal);
        Assert.Contains("1048576", failure.Message, StringComparison.Ordinal);
        var store = new KeyValueStore(group);
        await store.Put("large", new byte[1_000_000]);
        Assert.Equal(1_000_000, (await store.Get("large"))!.Value.Length);
        Assert.Equal(1, await store.CountApplied());
    }

    [Fact]
    public async Task S56_A_command_that_the_machine_cannot_apply_fails_for_its_caller_alone()
    {
        var group = await Cluster.Create("fragile/x");
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => group.Command(new byte[] { 13 }));
        Assert.Contains("thirteen is not applied", failure.Message, StringComparison.Ordinal);
        Assert.Equal([1], (await group.Command(new byte[] { 1 })).ToArray());
        Assert.Contains("nothing was asked", (await Assert.ThrowsAsync<CommandFailedException>(() => group.Query(default))).Message, StringComparison.Ordinal);
        await Cluster.AllApplied(group, 3);
    }

    [Fact]
    public async Task The_last_voter_cannot_leave()
    {
        var group = await Cluster.Create("kv/last-voter", 0);
        var failure = await Assert.ThrowsAsync<MembershipException>(() => group.Leave(RaftCluster.Address(0)));
        Assert.Contains("last voter", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Impossible_timings_are_refused_with_every_rule_that_they_break()
    {
        var group = Cluster.Group("kv/impossible");
        var timings = new GroupTimings(TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(200), 2);
        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => group.Create([RaftCluster.Address(0)], timings));
        Assert.All(["Heartbeat", "ElectionMin", "ElectionMax", "Threshold"], rule => Assert.Contains(rule, failure.Message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_cancelled_command_stops_waiting()
    {
        var group = await Cluster.Create("kv/cancelled");
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => group.Command("x"u8.ToArray(), cancelled.Token));
    }

    [Theory]
    [InlineData("no log store", "no log store")]
    [InlineData("a drawn silo name", "Orleans draws anew")]
    [InlineData("impossible options", "Heartbeat")]
    public async Task A_silo_that_is_set_up_wrongly_does_not_start_and_says_why(string what, string because)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.UseOrleans(silo =>
        {
            silo.UseLocalhostClustering(FreePort.Next(), FreePort.Next());
            silo.Configure<SiloOptions>(options => options.SiloName = what == "a drawn silo name" ? "Silo_0a1b2" : "silo-a");
            silo.AddLifeRaft(
                raft => _ = what == "no log store" ? raft : raft.UseInMemoryLog(),
                options => options.Heartbeat = what == "impossible options" ? TimeSpan.FromSeconds(1) : options.Heartbeat);
        });
        var failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using var host = builder.Build();
            await host.StartAsync(TestContext.Current.CancellationToken);
        });
        Assert.Contains(because, failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_bad_duration_in_the_configuration_names_its_key_and_value()
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(new Dictionary<string, string?> { ["LifeRaft:Heartbeat"] = "soon", ["LifeRaft:ElectionMin"] = "100 ms" })
            .Build();
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering()
            .AddLifeRaft(configuration.GetSection("LifeRaft"), raft => raft.UseInMemoryLog()));
        using var host = builder.Build();
        var failure = Assert.ThrowsAny<Exception>(() => host.Services.GetRequiredService<IOptions<RaftOptions>>().Value);
        Assert.Contains("LifeRaft:Heartbeat", failure.Message, StringComparison.Ordinal);
        Assert.Contains("'soon'", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AddLifeRaft_may_be_called_more_than_once()
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering()
            .AddLifeRaft(raft => raft.AddStateMachine<KeyValueMachine>("kv").UseInMemoryLog())
            .AddLifeRaft(options: options => options.Heartbeat = TimeSpan.FromMilliseconds(20))
            .AddLifeRaft(raft => raft.AddStateMachine<FragileMachine>("fragile")));
        Assert.Single(builder.Services, service => service.ServiceType == typeof(SiloRaft));
        using var host = builder.Build();
        Assert.Equal(TimeSpan.FromMilliseconds(20), host.Services.GetRequiredService<IOptions<RaftOptions>>().Value.Heartbeat);
        Assert.NotNull(host.Services.GetRequiredService<MachineRegistry>().Create(GroupName.Parse("kv/x")));
        Assert.NotNull(host.Services.GetRequiredService<MachineRegistry>().Create(GroupName.Parse("fragile/x")));
    }
}
