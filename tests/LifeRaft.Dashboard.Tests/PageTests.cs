using LifeRaft.TestingHost;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LifeRaft.Dashboard.Tests;

/// <summary>What an operator sees on the page, in a real browser, of a real cluster.</summary>
public sealed class PageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task The_page_loads_without_an_error_shows_the_leader_and_follows_a_command()
    {
        await using var cluster = await Clusters.Start(3);
        var group = await cluster.Create("kv/orders");
        var store = new KeyValueStore(group);
        await store.Put("a", new byte[] { 1 });
        var leader = await cluster.WaitForLeader(group);
        await using var host = await DashboardHost.Start(cluster, "Silo_0");
        await using var watched = await chromium.Open();
        var page = watched.Page;
        await page.GotoAsync(host.Url.ToString());
        await Expect(page.Locator(".banner .word")).ToHaveTextAsync("Healthy");
        await Expect(page.Locator("#leader")).ToHaveTextAsync(leader.Address);
        await Expect(page.Locator("#can-lose")).ToHaveTextAsync("1 more");
        await Expect(page.Locator($"tr[data-node='{leader.Address}'] td").First).ToHaveTextAsync("Leader");
        await Expect(page.Locator("tr[data-node]")).ToHaveCountAsync(3);
        await Expect(page.Locator(".feed li").Filter(new() { HasText = "leads" }).First).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Uri(host.Url, "#kv/orders").ToString());

        var before = await page.Locator("#commit").TextContentAsync();
        for (var i = 0; i < 20; i++)
        {
            await store.Put($"key-{i}", new byte[] { 1 });
        }

        await Expect(page.Locator("#commit")).Not.ToHaveTextAsync(before!);
        await watched.Screenshot("healthy-light");
        Assert.Empty(watched.Wrong);
    }
}
