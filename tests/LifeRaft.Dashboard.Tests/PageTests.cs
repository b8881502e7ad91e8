using System.Diagnostics;
using System.Globalization;
using LifeRaft.TestingHost;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LifeRaft.Dashboard.Tests;

/// <summary>What an operator sees on the page, in a real browser, of a real cluster.</summary>
public sealed class PageTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Who_is_quiet_is_shown_as_such()
    {
        await using var cluster = await Clusters.Start(3);
        var group = await cluster.Create("kv/orders");
        await using var host = await DashboardHost.Start(cluster, "Silo_0");
        await using var watched = await chromium.Open();
        var page = watched.Page;
        await page.GotoAsync(host.Url.ToString());
        await Expect(page.Locator("tr[data-node] td:first-of-type").Filter(new() { HasText = ", quiet" })).ToHaveCountAsync(3);
        await Expect(page.Locator(".banner .word")).ToHaveTextAsync("Healthy");
        await Expect(page.Locator(".matrix td.heard")).ToHaveCountAsync(4);
        await watched.Screenshot("quiet-light");
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task The_page_loads_without_an_error_shows_the_leader_and_follows_commands()
    {
        await using var cluster = await Clusters.Start(3, options => options.QuietGroups = false); // Timers are to be seen.
        var group = await cluster.Create("kv/orders");
        var store = new KeyValueStore(group);
        var leader = await cluster.WaitForLeader(group);
        await using var host = await DashboardHost.Start(cluster, "Silo_0");
        await using var watched = await chromium.Open();
        var page = watched.Page;
        await page.GotoAsync(host.Url.ToString());
        await Expect(page.Locator(".banner .word")).ToHaveTextAsync("Healthy");
        await Expect(page.Locator("#leader")).ToHaveTextAsync(leader.Address);
        await Expect(page.Locator("#can-lose")).ToHaveTextAsync("1 more");
        await Expect(page.Locator("tr[data-node]")).ToHaveCountAsync(3);
        await Expect(page.Locator($"tr[data-node='{leader.Address}'] td").First).ToHaveTextAsync("Leader");
        await Expect(page.Locator(".ring .node")).ToHaveCountAsync(3);
        await Expect(page.Locator(".ring .timer")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator(".matrix td.heard")).ToHaveCountAsync(4); // Two followers, each way.
        await Expect(page.Locator(".feed li").Filter(new() { HasText = $"{leader.Address} leads term {leader.Term}." })).ToBeVisibleAsync();
        await Expect(page).ToHaveURLAsync(new Uri(host.Url, "#kv/orders").ToString());

        for (var i = 0; i < 120; i++)
        {
            await store.Put($"key-{i}", new byte[] { 1 });
        }

        var commit = (await cluster.WaitForAllApplied(group))[0].Last.Value.ToString("N0", CultureInfo.InvariantCulture);
        await Expect(page.Locator("#commit")).ToHaveTextAsync(commit);
        foreach (var node in await cluster.Status(group))
        {
            await Expect(page.Locator($"tr[data-node='{node.Address}'] td").Nth(4)).ToHaveTextAsync(commit);
        }

        var next = leader.Members.First(member => member.Address != leader.Address).Address;
        await group.TransferLeadership(next);
        await Expect(page.Locator("#leader")).ToHaveTextAsync(next);
        await Expect(page.Locator(".terms tbody tr").First).ToContainTextAsync("The leader handed over to it.");
        await watched.Screenshot("healthy-light");
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task A_killed_node_is_shown_without_a_reload_and_so_is_a_lost_quorum_and_the_return()
    {
        await using var cluster = await Clusters.Start(3);
        var group = await cluster.Create("kv/orders");
        await group.TransferLeadership("3@Silo_2");
        await using var host = await DashboardHost.Start(cluster, "Silo_0");
        await using var watched = await chromium.Open(scheme: ColorScheme.Dark);
        var page = watched.Page;
        await page.GotoAsync(host.Url.ToString());
        await Expect(page.Locator("#leader")).ToHaveTextAsync("3@Silo_2");
        await page.EvaluateAsync("() => { window.isSamePage = true; }");

        var (shown, kill) = (page.WaitForFunctionAsync("() => document.querySelector(\"tr[data-node='3@Silo_2'].down\")", null, new() { PollingInterval = 20 }), Stopwatch.StartNew());
        var killing = cluster.Kill("Silo_2");
        await shown;
        TestContext.Current.TestOutputHelper?.WriteLine($"A killed leader was shown as missing {kill.ElapsedMilliseconds} ms after its kill had begun.");
        await killing;
        await Expect(page.Locator(".banner .word")).ToHaveTextAsync("Degraded");
        await Expect(page.Locator("tr[data-node='3@Silo_2'] td").First).ToHaveTextAsync("Silent");
        await Expect(page.Locator("tr[data-node='3@Silo_2'] .problem")).ToContainTextAsync("is not there");
        await Expect(page.Locator("#can-lose")).ToHaveTextAsync("0 more");
        await Expect(page.Locator("#leader")).Not.ToHaveTextAsync("3@Silo_2");
        await Expect(page.Locator(".link.cut")).ToHaveCountAsync(1);
        await Expect(page.Locator(".silos .warning").First).ToContainTextAsync("do not stop");
        await watched.Screenshot("degraded-dark");

        await cluster.Kill("Silo_1");
        await Expect(page.Locator(".banner .word")).ToHaveTextAsync("No quorum");
        await Expect(page.Locator("#leader")).ToHaveTextAsync("none");
        await watched.Screenshot("no-quorum-dark");

        // One that starts asks all that Orleans still takes for running.
        await Expect(page.Locator(".silos li.silent p")).ToHaveTextAsync(["Silo_1 does not run", "Silo_2 does not run"]);
        await cluster.Restart("Silo_2");
        await cluster.Restart("Silo_1");
        await Expect(page.Locator(".banner .word")).ToHaveTextAsync("Healthy");
        Assert.True(await page.EvaluateAsync<bool>("() => window.isSamePage"));
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task The_loss_of_the_silo_that_serves_the_page_is_said_and_its_return_is_noticed()
    {
        await using var cluster = await Clusters.Start(3);
        await cluster.Create("kv/orders");
        var setup = new DashboardSetup(Port: FreePort.Next());
        await using var watched = await chromium.Open();
        var page = watched.Page;
        await using (var host = await DashboardHost.Start(cluster, "Silo_0", setup))
        {
            await page.GotoAsync(host.Url.ToString());
            await Expect(page.Locator(".banner .word")).ToHaveTextAsync("Healthy");
        }

        await cluster.Kill("Silo_0");
        await Expect(page.Locator(".lost")).ToContainTextAsync("The silo that serves this page (Silo_0) does not answer since");
        await Expect(page.Locator(".lost")).ToContainTextAsync("what you see is old; reconnecting");
        await Expect(page.Locator(".page.old")).ToBeVisibleAsync();
        await Expect(page.Locator("#leader")).ToHaveTextAsync("1@Silo_0"); // Old, and said to be.
        await watched.Screenshot("connection-lost-light", isWhole: false);

        await using var again = await DashboardHost.Start(cluster, "Silo_1", setup);
        await Expect(page.Locator(".lost")).ToHaveCountAsync(0);
        await Expect(page.Locator(".served")).ToHaveTextAsync("from Silo_1");
        await Expect(page.Locator(".banner .word")).ToHaveTextAsync("Degraded");
    }

    [Fact]
    public async Task The_feed_can_be_paused_and_filtered_and_everything_has_a_time_with_its_zone()
    {
        await using var cluster = await Clusters.Start(3);
        var group = await cluster.Create("kv/orders");
        await cluster.Create("kv/other");
        await using var host = await DashboardHost.Start(cluster, "Silo_0");
        await using var watched = await chromium.Open();
        var page = watched.Page;
        await page.GotoAsync(new Uri(host.Url, "#kv/orders").ToString());
        var events = page.Locator(".feed li");
        await Expect(events.Filter(new() { HasText = "kv/other" }).First).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "This group only" }).ClickAsync();
        await Expect(page.Locator(".feed li .where")).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Leadership" }).ClickAsync();
        await Expect(events.Filter(new() { HasText = "leads term" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Leadership" }).ClickAsync();
        await Expect(page.Locator(".feed time").First).ToHaveAttributeAsync("title", new System.Text.RegularExpressions.Regex(@"CES?T|GMT\+[12].*Z\)$"));

        await page.GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        var shown = await events.CountAsync();
        await group.TransferLeadership();
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("Paused \\([1-9]") })).ToBeVisibleAsync();
        Assert.Equal(shown, await events.CountAsync());
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("Paused") }).ClickAsync();
        await Expect(events.Filter(new() { HasText = "it handed over" }).First).ToBeVisibleAsync();
        Assert.Empty(watched.Wrong);
    }
}
