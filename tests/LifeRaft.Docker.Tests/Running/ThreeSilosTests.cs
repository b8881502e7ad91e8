using System.Net;

namespace LifeRaft.Docker.Tests;

/// <summary>compose.yaml, run in three network namespaces: what its files say is what happens.</summary>
[Collection(OneAtATime.Name)]
public sealed class ThreeSilosTests(BuiltImage image, ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    [Fact]
    public async Task What_is_written_through_one_silo_is_read_through_the_others()
    {
        var cluster = await silos.Healthy(image);
        cluster.Put("silo-1", "greeting", "hello");
        Assert.All(cluster.Names, silo => Assert.Equal("hello", cluster.Get(silo, "greeting")));
    }

    [Fact]
    public async Task A_leader_that_is_stopped_leaves_in_time_and_is_missed_by_nobody()
    {
        var cluster = await silos.Healthy(image);
        var stopped = await cluster.LeadingSilo("silo-1");
        var other = cluster.Names.First(silo => silo != stopped);
        cluster.Put(stopped, "stop", "before");
        Assert.Equal(0, await cluster.Stop(stopped));

        cluster.Put(other, "stop", "while away");
        Assert.NotEqual(stopped, await cluster.LeadingSilo(other));
        await cluster.Up(stopped);
        Assert.Equal("while away", cluster.Get(stopped, "stop"));
    }

    [Fact]
    public async Task A_leader_that_is_cut_off_is_replaced_and_says_that_it_is_not_ready_until_it_is_back()
    {
        var cluster = await silos.Healthy(image);
        var cut = await cluster.LeadingSilo("silo-1");
        var other = cluster.Names.First(silo => silo != cut);
        cluster.Network.Cut(cut);
        try
        {
            await cluster.LeadingSilo(other, leading => leading != cut);

            // Part of Orleans' directory of grains may lie on the silo that is gone: until Orleans has counted it out, requests that need it fail.
            await Wait.For($"a write through {other}", () => cluster.Tool(other, "kv", "put", "--group", "kv/default", "cut", "without it"), answer => answer.ExitCode == 0, answer => $"{answer.Output}{Environment.NewLine}{cluster.Logs}");
            await Wait.For($"{cut} is not ready", () => cluster[cut].Exec(ImageConfiguration.HealthCheck), answer => answer.ExitCode == 1, answer => answer.Output);
        }
        finally
        {
            cluster.Network.Mend(cut);
        }

        await cluster.AllHealthy();
        Assert.Equal("without it", cluster.Get(cut, "cut"));
    }

    /// <summary>As a pod does with every start.</summary>
    [Fact]
    public async Task A_silo_may_come_back_with_another_address()
    {
        var cluster = await silos.Healthy(image);
        Assert.Equal(0, await cluster.Stop("silo-3"));
        cluster.Move("silo-3", IPAddress.Parse("172.30.77.33"));
        cluster.Put("silo-1", "moved", "yes");
        await cluster.Up("silo-3");
        Assert.Equal("yes", cluster.Get("silo-3", "moved"));
    }

    /// <summary>What is asked of Prometheus is what the silos tell it, after all that the other tests do to a cluster in small.</summary>
    [Fact]
    public async Task Every_metric_that_alerts_and_dashboard_ask_for_is_there()
    {
        var cluster = await silos.Healthy(image);
        cluster.Put("silo-1", "measured", "yes");
        cluster.Get("silo-2", "measured");
        var exported = cluster.Names.SelectMany(silo => MetricNames.Exported(cluster[silo].Exec("curl", "--silent", "http://127.0.0.1:8080/metrics").OrFail("curl /metrics").Output)).ToHashSet();
        var asked = Alerts.Rules.Select(rule => rule.TextAt("expr")).Concat(Dashboard.Queries).SelectMany(MetricNames.In).Distinct();
        Assert.Empty(asked.Except(exported).Except(MetricNames.OnlyInTrouble).Except(MetricNames.OnlyWithTls).Order());
    }
}
