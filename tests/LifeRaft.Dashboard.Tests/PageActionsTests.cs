using LifeRaft.TestingHost;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LifeRaft.Dashboard.Tests;

/// <summary>Actions as an operator carries them out on the page.</summary>
public sealed class PageActionsTests(Chromium chromium, SharedCluster shared) : IClassFixture<Chromium>, IClassFixture<SharedCluster>
{
    [Fact]
    public async Task Without_the_hosts_leave_the_page_has_no_action()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0");
        await using var watched = await chromium.Open();
        await watched.Page.GotoAsync(host.Url.ToString());
        await Expect(watched.Page.Locator("tr[data-node]")).ToHaveCountAsync(3);
        await Expect(watched.Page.GetByRole(AriaRole.Button, new() { NameRegex = new("…$") })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_transfer_shows_its_command_asks_and_says_what_became_of_it()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", new(Options: options => options.AllowActions("operators"), Services: TestAuthentication.Add));
        await using var watched = await chromium.Open();
        var page = watched.Page;
        var leader = await shared.Cluster.WaitForLeader(shared.Group);
        var target = leader.Members.First(member => member.Address != leader.Address).Address;
        await page.GotoAsync(host.Url.ToString());
        var open = page.Locator($"tr[data-node='{target}']").GetByRole(AriaRole.Button, new() { Name = "Make leader" });
        await open.ClickAsync();
        await Expect(page.Locator("dialog code")).ToHaveTextAsync($"liferaft leader transfer kv/orders {target}");

        // Not signed in: refused, and said.
        await page.GetByRole(AriaRole.Button, new() { Name = "Make leader", Exact = true }).ClickAsync();
        await Expect(page.Locator("dialog .result")).ToContainTextAsync("not signed in");
        Assert.Equal(leader.Address, (await shared.Cluster.WaitForLeader(shared.Group)).Address);

        await page.Context.SetExtraHTTPHeadersAsync([new(TestAuthentication.Header, "operator")]);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make leader", Exact = true }).ClickAsync();
        await Expect(page.Locator("dialog .result")).ToHaveTextAsync($"{target} leads kv/orders.");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0);
        await Expect(page.Locator("#leader")).ToHaveTextAsync(target);
    }

    [Fact]
    public async Task A_removal_has_to_be_confirmed_by_the_nodes_address()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", new(Options: options => options.AllowActions("operators"), Services: TestAuthentication.Add));
        await using var watched = await chromium.Open();
        var page = watched.Page;
        await page.GotoAsync(host.Url.ToString());
        await page.Locator("tr[data-node='3@Silo_2']").GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await Expect(page.Locator("dialog code")).ToHaveTextAsync("liferaft member remove kv/orders 3@Silo_2");
        var remove = page.GetByRole(AriaRole.Button, new() { Name = "Remove", Exact = true });
        await Expect(remove).ToBeDisabledAsync();
        await page.GetByLabel("to confirm").FillAsync("2@Silo_1");
        await Expect(remove).ToBeDisabledAsync();
        await page.GetByLabel("to confirm").FillAsync("3@Silo_2");
        await Expect(remove).ToBeEnabledAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        Assert.Equal(3, (await shared.Group.Members()).Count);
    }
}
