using System.Net;

namespace LifeRaft.Dashboard.Tests;

/// <summary>The files of the page as browsers get them.</summary>
public sealed class AssetsTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    [Fact]
    public async Task Every_file_has_content_a_type_a_strict_policy_and_is_sent_again_only_when_it_has_changed()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0");
        var assets = Asset.All().ToList();
        Assert.Contains(assets, asset => asset.Path == "vendor/preact.mjs");
        foreach (var asset in assets)
        {
            using var response = await host.Client.GetAsync(asset.Path);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.NotEmpty(await response.Content.ReadAsByteArrayAsync());
            Assert.Equal(asset.ContentType, response.Content.Headers.ContentType!.ToString());
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            var policy = response.Headers.GetValues("Content-Security-Policy").Single();
            Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
            Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
            Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);

            using var again = new HttpRequestMessage(HttpMethod.Get, asset.Path);
            again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
            using var unchanged = await host.Client.SendAsync(again);
            Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
            Assert.Equal(response.Headers.ETag, unchanged.Headers.ETag);
        }
    }

    [Fact]
    public void Nothing_is_fetched_from_elsewhere()
    {
        // Names of XML vocabularies look like addresses and are none.
        var own = Asset.All().Where(asset => !asset.Path.StartsWith("vendor/", StringComparison.Ordinal));
        Assert.All(own, asset => Assert.DoesNotContain("http", System.Text.Encoding.UTF8.GetString(asset.Content).Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Under_a_prefix_the_page_is_found_with_and_without_its_last_slash()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", new("/ops/raft"));
        Assert.Contains("<title>LifeRaft</title>", await host.Client.GetStringAsync("ops/raft"), StringComparison.Ordinal);
        Assert.Contains("kv/orders", await host.Client.GetStringAsync("ops/raft/api/cluster"), StringComparison.Ordinal);
        using var outside = await host.Client.GetAsync("api/cluster");
        Assert.Equal(HttpStatusCode.NotFound, outside.StatusCode);
    }

    [Fact]
    public async Task A_host_that_is_neither_silo_nor_client_and_options_out_of_range_fail_at_start()
    {
        var options = await Assert.ThrowsAsync<InvalidOperationException>(() => DashboardHost.Start(shared.Cluster, "Silo_0", new(Options: options => (options.Interval, options.MaximumViewers) = (TimeSpan.Zero, 0))));
        Assert.Contains("Interval", options.Message, StringComparison.Ordinal);
        Assert.Contains("MaximumViewers", options.Message, StringComparison.Ordinal);
        await using var bare = Microsoft.AspNetCore.Builder.WebApplication.CreateSlimBuilder().Build();
        var none = Assert.Throws<InvalidOperationException>(() => Microsoft.AspNetCore.Builder.LifeRaftDashboardEndpointExtensions.MapLifeRaftDashboard(bare));
        Assert.Contains("UseOrleans", none.Message, StringComparison.Ordinal);
    }
}
