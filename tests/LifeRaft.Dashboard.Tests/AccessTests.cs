using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LifeRaft.Dashboard.Tests;

/// <summary>The page for those who use a keyboard, a screen reader, a phone, or the dark.</summary>
public sealed class AccessTests(Chromium chromium, SharedCluster shared) : IClassFixture<Chromium>, IClassFixture<SharedCluster>
{
    private readonly DashboardSetup _withActions = new(Options: options => options.AllowActions("operators"), Services: TestAuthentication.Add);

    [Fact]
    public async Task Everything_that_can_be_used_is_reached_by_the_keyboard_and_its_focus_is_seen()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", _withActions);
        await using var watched = await chromium.Open();
        var page = watched.Page;
        await page.GotoAsync(host.Url.ToString());
        await Expect(page.Locator("tr[data-node]")).ToHaveCountAsync(3);
        var wanted = await page.EvaluateAsync<int>("() => { let n = 0; for (const one of document.querySelectorAll('a[href], button, input, [tabindex]')) { if (one.tabIndex >= 0) { one.dataset.wanted = ++n; } } return n; }");
        var reached = new HashSet<string>();
        for (var i = 0; i < wanted + 5; i++)
        {
            await page.Keyboard.PressAsync("Tab");
            var focused = await page.EvaluateAsync<string[]>("() => { const one = document.activeElement; const style = getComputedStyle(one); return [one.dataset.wanted ?? '', style.outlineStyle, style.outlineWidth, one.outerHTML.slice(0, 80)]; }");
            if (i == 0)
            {
                Assert.Contains("skip", focused[3], StringComparison.Ordinal);
            }

            if (focused[0].Length > 0)
            {
                Assert.True(focused[1] != "none" && focused[2] != "0px", $"No outline: {focused[3]}");
                reached.Add(focused[0]);
            }
        }

        Assert.True(wanted > 15, $"{wanted} can be used.");
        Assert.Equal(wanted, reached.Count);

        await page.Locator(".skip").FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        Assert.Equal("nodes", await page.EvaluateAsync<string>("() => document.activeElement.id"));
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Light or dark") }).FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task Arrows_move_among_the_groups_and_Enter_chooses()
    {
        await shared.Cluster.Create("kv/a-first");
        await shared.Cluster.Create("kv/z-last");
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0");
        await using var watched = await chromium.Open();
        var page = watched.Page;
        await page.GotoAsync(new Uri(host.Url, "#kv/orders").ToString());
        await Expect(page.Locator(".cell[data-group='kv/orders'][aria-selected='true']")).ToBeVisibleAsync();
        await page.Locator(".cell[tabindex='0']").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".banner .name")).ToHaveTextAsync("kv/a-first");
        await page.Keyboard.PressAsync("End");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".banner .name")).ToHaveTextAsync("kv/z-last");
        await page.Keyboard.PressAsync("ArrowUp");
        await Expect(page.Locator(".cell[data-group='kv/orders']")).ToBeFocusedAsync();
        await Expect(page.Locator(".cell[tabindex='0']")).ToHaveCountAsync(1);
        Assert.Empty(watched.Wrong);
    }

    [Theory]
    [InlineData(ColorScheme.Light, 1440)]
    [InlineData(ColorScheme.Dark, 1440)]
    [InlineData(ColorScheme.Light, 360)]
    public async Task Axe_finds_nothing_serious(ColorScheme scheme, int width)
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", _withActions);
        await using var watched = await chromium.Open(width, scheme: scheme);
        var page = watched.Page;
        await page.GotoAsync(host.Url.ToString());
        await Expect(page.Locator("tr[data-node]")).ToHaveCountAsync(3);
        await Require(page);
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).First.ClickAsync();
        await Expect(page.Locator("dialog[open]")).ToBeVisibleAsync();
        await watched.Screenshot($"dialog-{scheme}-{width}", isWhole: false);
        await Require(page);
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task On_a_phone_nothing_is_wider_than_the_screen()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", _withActions);
        await using var watched = await chromium.Open(360, 740, isPhone: true);
        var page = watched.Page;
        await page.GotoAsync(host.Url.ToString());
        await Expect(page.Locator("tr[data-node]")).ToHaveCountAsync(3);
        Assert.Equal(360, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        await watched.Screenshot("phone-light");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a member" }).ClickAsync();
        await Expect(page.Locator("dialog[open]")).ToBeVisibleAsync();
        Assert.Equal(360, await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
        Assert.Empty(watched.Wrong);
    }

    [Fact]
    public async Task Light_and_dark_follow_the_system_until_the_switch_is_used_and_the_choice_is_kept()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0");
        await using var watched = await chromium.Open(scheme: ColorScheme.Dark);
        var page = watched.Page;
        await page.GotoAsync(host.Url.ToString());
        await Expect(page.Locator("tr[data-node]")).ToHaveCountAsync(3);
        Assert.Equal("rgb(14, 17, 20)", await Background());
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        Assert.Equal("rgb(243, 245, 247)", await Background());
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new("^Light or dark") }).ClickAsync();
        Assert.Equal("rgb(14, 17, 20)", await Background());
        await page.ReloadAsync();
        await Expect(page.Locator("tr[data-node]")).ToHaveCountAsync(3);
        Assert.Equal("rgb(14, 17, 20)", await Background());

        Task<string> Background() => page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");
    }

    /// <summary>axe finds nothing serious.</summary>
    internal static async Task Require(IPage page)
    {
        var result = await page.RunAxe();
        Assert.NotEmpty(result.Passes);
        Assert.Empty(result.Violations.Where(violation => violation.Impact is "serious" or "critical").Select(Describe));
        TestContext.Current.TestOutputHelper?.WriteLine($"axe: {result.Passes.Length} rules passed; others: {string.Join("; ", result.Violations.Select(Describe))}");
    }

    private static string Describe(AxeResultItem violation) =>
        $"{violation.Id} ({violation.Impact}): {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html[..Math.Min(160, node.Html.Length)]))}";
}
