using System.Diagnostics;
using System.Text;
using LifeRaft.TestingHost;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LifeRaft.Dashboard.Tests;

/// <summary>A thousand groups on one page.</summary>
public sealed class ManyGroupsTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const int Groups = 1000;

    [Fact]
    public async Task A_thousand_groups_are_readable_those_with_problems_first_and_found_by_name()
    {
        // Slow heartbeats, and most groups on one silo only: what is tested is the page, on the two cores that the silos are on as well.
        await using var cluster = await Clusters.Start(3, options => (options.Heartbeat, options.ElectionMin, options.ElectionMax) = (TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10)));
        await Parallel.ForAsync(0, Groups, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (index, cancellationToken) =>
        {
            var group = cluster.Client.GetRaftGroup($"kv/tenant-{index:0000}");
            group.Timeout = cluster.Patience;
            await group.Create(index % 50 == 49 ? ["1@Silo_0", "2@Silo_1", "3@Silo_2"] : ["1@Silo_0"], null, cancellationToken);
        });
        await cluster.Kill("Silo_2");
        await using var host = await DashboardHost.Start(cluster, "Silo_0");
        var first = await FirstState(host);
        TestContext.Current.TestOutputHelper?.WriteLine($"The first message has {first / 1000.0:0.0} kB.");
        Assert.InRange(first, 10_000, 200_000);

        await using var watched = await chromium.Open();
        var page = watched.Page;
        var clock = Stopwatch.StartNew();
        await page.GotoAsync(host.Url.ToString());
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(Groups);
        var all = clock.ElapsedMilliseconds;
        var paint = await page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0].startTime");
        TestContext.Current.TestOutputHelper?.WriteLine($"First paint after {paint:0} ms, all {Groups} groups after {all} ms.");
        await Expect(page.Locator(".cell").First).ToHaveAttributeAsync("class", "cell degraded");
        await Expect(page.Locator(".cell.degraded")).ToHaveCountAsync(Groups / 50);
        Assert.Equal(Groups / 50, await page.EvaluateAsync<int>("() => [...document.querySelectorAll('.cell')].findIndex(cell => cell.classList.contains('healthy'))"));
        await Expect(page.Locator(".banner .name")).ToHaveTextAsync("kv/tenant-0049"); // The first of the worst.
        await watched.Screenshot("thousand-light");

        clock.Restart();
        await page.GetByPlaceholder("Search 1,000 by name").FillAsync("tenant-0123");
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(1);
        TestContext.Current.TestOutputHelper?.WriteLine($"Found one by name within {clock.ElapsedMilliseconds} ms.");
        await page.GetByRole(AriaRole.Option).ClickAsync();
        await Expect(page.Locator(".banner .name")).ToHaveTextAsync("kv/tenant-0123");
        await Expect(page.Locator("tr[data-node]")).ToHaveCountAsync(1);
        await page.GetByPlaceholder("Search 1,000 by name").FillAsync("");
        await Expect(page.GetByRole(AriaRole.Option)).ToHaveCountAsync(Groups);
        Assert.Empty(watched.Wrong);
    }

    /// <summary>How many bytes the first message about the groups has; one before it may say that the silos have not answered yet.</summary>
    private static async Task<int> FirstState(DashboardHost host)
    {
        using var response = await host.Client.GetAsync("api/stream", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line == "event: state" && await reader.ReadLineAsync() is { } data && data.Contains("kv/tenant-0000", StringComparison.Ordinal))
            {
                return Encoding.UTF8.GetByteCount(data);
            }
        }

        throw new EndOfStreamException("The stream ended before it told of the groups.");
    }
}
