using LifeRaft.TestingHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LifeRaft.Dashboard.Tests;

/// <summary>The operators' token as it is given on the page, and what the page then shows.</summary>
public sealed class TokenPageTests(Chromium chromium, SharedCluster shared) : IClassFixture<Chromium>, IClassFixture<SharedCluster>
{
    private const string Stored = "() => [...Object.values(sessionStorage), '|', ...Object.values(localStorage), document.cookie].join(' ')";

    [Fact]
    public async Task The_page_shows_actions_only_with_the_right_token_and_carries_one_out()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", OperatorTokenTests.ByToken);
        await using var watched = await chromium.Open();
        var page = watched.Page;
        var leader = await shared.Cluster.WaitForLeader(shared.Group);
        var target = leader.Members.First(member => member.Address != leader.Address).Address;
        await page.GotoAsync(host.Url.ToString());
        await Expect(page.Locator("tr[data-node]")).ToHaveCountAsync(3);
        await Expect(Acts(page)).ToHaveCountAsync(0);

        // A wrong one: said, and nothing appears. By the keyboard alone.
        await Allow(page).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(Field(page)).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("let me in, please, it is three in the morning");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("#token-result")).ToContainTextAsync("not the operators' token");
        await Expect(Field(page)).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(Acts(page)).ToHaveCountAsync(0);
        Assert.Equal("| ", await page.EvaluateAsync<string>(Stored));

        // The right one, typed over it.
        await page.Keyboard.TypeAsync(OperatorTokenTests.Token);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0);
        await Expect(page.Locator(".top [role='status']")).ToHaveTextAsync("Actions allowed");
        await page.Locator($"tr[data-node='{target}']").GetByRole(AriaRole.Button, new() { Name = "Make leader" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Make leader", Exact = true }).ClickAsync();
        await Expect(page.Locator("dialog .result")).ToHaveTextAsync($"{target} leads kv/orders.");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("#leader")).ToHaveTextAsync(target);
        Assert.Equal(target, (await shared.Cluster.WaitForLeader(shared.Group)).Address);
    }

    [Fact]
    public async Task The_tab_keeps_the_token_until_it_is_locked_and_nobody_else_gets_it()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", OperatorTokenTests.ByToken);
        await using var watched = await chromium.Open();
        var page = watched.Page;
        await page.GotoAsync(host.Url.ToString());
        await Give(page, OperatorTokenTests.Token);
        await Expect(Acts(page)).Not.ToHaveCountAsync(0);
        await page.ReloadAsync();
        await Expect(Acts(page)).Not.ToHaveCountAsync(0);
        var stored = await page.EvaluateAsync<string>(Stored);
        Assert.EndsWith("| ", stored, StringComparison.Ordinal); // In sessionStorage; not in localStorage, and in no cookie.
        Assert.Contains(OperatorTokenTests.Token, stored, StringComparison.Ordinal);

        var other = await page.Context.NewPageAsync();
        await other.GotoAsync(host.Url.ToString());
        await Expect(Allow(other)).ToBeVisibleAsync();
        await Expect(Acts(other)).ToHaveCountAsync(0);

        await page.GetByRole(AriaRole.Button, new() { Name = "Lock", Exact = true }).ClickAsync();
        await Expect(Allow(page)).ToBeVisibleAsync();
        await Expect(Acts(page)).ToHaveCountAsync(0);
        Assert.DoesNotContain(OperatorTokenTests.Token, await page.EvaluateAsync<string>(Stored), StringComparison.Ordinal);
        await page.ReloadAsync();
        await Expect(Allow(page)).ToBeVisibleAsync();
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task A_host_that_comes_back_with_another_token_takes_the_actions_from_the_page()
    {
        var port = FreePort.Next();
        await using var watched = await chromium.Open();
        var page = watched.Page;
        await using (var host = await DashboardHost.Start(shared.Cluster, "Silo_0", OperatorTokenTests.ByToken with { Port = port }))
        {
            await page.GotoAsync(host.Url.ToString());
            await Give(page, OperatorTokenTests.Token);
            await Expect(Acts(page)).Not.ToHaveCountAsync(0);
        }

        var another = new OperatorToken(string.Concat(OperatorTokenTests.Token.Reverse()));
        await using var renewed = await DashboardHost.Start(shared.Cluster, "Silo_0", OperatorTokenTests.ByToken with { Port = port, Services = services => services.AddLifeRaftOperatorToken(another) });
        await Expect(Allow(page)).ToBeVisibleAsync();
        await Expect(Acts(page)).ToHaveCountAsync(0);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, 360)]
    [InlineData(ColorScheme.Dark, 360)]
    public async Task It_can_be_used_by_everybody(ColorScheme scheme, int width)
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", OperatorTokenTests.ByToken);
        await using var watched = await chromium.Open(width, width < 500 ? 740 : 1000, scheme, isPhone: width < 500);
        var page = watched.Page;
        await page.GotoAsync(host.Url.ToString());
        await Expect(page.Locator("tr[data-node]")).ToHaveCountAsync(3);
        await Fits("locked");
        await Allow(page).ClickAsync();
        await Field(page).FillAsync("no token");
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow", Exact = true }).ClickAsync();
        await Expect(page.Locator("#token-result")).ToContainTextAsync("not the operators' token");
        await Fits("wrong");
        await Field(page).FillAsync(OperatorTokenTests.Token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow", Exact = true }).ClickAsync();
        await Expect(Acts(page)).Not.ToHaveCountAsync(0);
        await Fits("allowed");

        async Task Fits(string state)
        {
            await watched.Screenshot($"token-{state}-{scheme}-{width}", isWhole: false);
            Assert.Equal(width, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
            await AccessTests.Require(page);
        }
    }

    /// <summary>What changes something.</summary>
    private static ILocator Acts(IPage page) => page.Locator(".page button.act");

    private static ILocator Allow(IPage page) => page.GetByRole(AriaRole.Button, new() { Name = "Allow actions" });

    private static ILocator Field(IPage page) => page.GetByLabel("Token", new() { Exact = true });

    private static async Task Give(IPage page, string token)
    {
        await Allow(page).ClickAsync();
        await Field(page).FillAsync(token);
        await page.GetByRole(AriaRole.Button, new() { Name = "Allow", Exact = true }).ClickAsync();
    }
}
