using System.Diagnostics;
using LifeRaft.TestingHost;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LifeRaft.Dashboard.Tests;

/// <summary>The command lines that the dialogs show are ones that the tool takes.</summary>
public sealed class CommandLinesTests(Chromium chromium) : IClassFixture<Chromium>
{
    /// <summary>The tool's exit codes for a command line that is right where no silo can be reached, and for one that is wrong.</summary>
    private const int Unreachable = 3;
    private const int Misused = 2;

    [Fact]
    public async Task The_tool_takes_each_command_line_that_is_shown()
    {
        await using var cluster = await Clusters.Start(4);
        var group = cluster.Client.GetRaftGroup("kv/orders");
        await group.Create(["1@Silo_0", "2@Silo_1", "3@Silo_2"]);
        await group.AddLearner("4@Silo_3");
        await cluster.Client.GetRaftCluster().Drain("Silo_3");
        await using var host = await DashboardHost.Start(cluster, "Silo_0", new(Options: options => options.AllowActions("operators"), Services: TestAuthentication.Add));
        await using var watched = await chromium.Open();
        var page = watched.Page;
        await page.GotoAsync(host.Url.ToString());
        await Expect(page.Locator(".silos .tag")).ToHaveTextAsync("drained");
        await Expect(page.Locator("tr[data-node]")).ToHaveCountAsync(4);
        var lines = new List<string>();
        foreach (var action in new[] { "Step down", "Add a member", "Make leader", "Make voter", "Remove", "Drain", "Resume" })
        {
            await page.GetByRole(AriaRole.Button, new() { Name = $"{action} …" }).First.ClickAsync();
            if (action == "Add a member")
            {
                await page.GetByLabel("Address of the node").FillAsync("5@Silo_0");
                lines.Add((await page.Locator("dialog code").TextContentAsync())!);
                await page.GetByLabel("As a learner").CheckAsync();
            }

            lines.Add((await page.Locator("dialog code").TextContentAsync())!);
            await page.Keyboard.PressAsync("Escape");
            await Expect(page.Locator("dialog")).ToHaveCountAsync(0);
        }

        Assert.Equal(8, lines.Distinct().Count());
        Assert.Equal(Misused, (await Tool("liferaft member surely-not kv/orders")).Code);
        foreach (var line in lines)
        {
            var (code, said) = await Tool(line);
            Assert.True(code == Unreachable, $"{line}: exit code {code}: {said}");
            TestContext.Current.TestOutputHelper?.WriteLine(line);
        }
    }

    /// <summary>Where the tool was built: this project's own folder has not all that it needs, because web hosts find some of it elsewhere.</summary>
    private static readonly string _tool = Path.Combine(
        AppContext.BaseDirectory.Replace(Path.Combine("tests", "LifeRaft.Dashboard.Tests"), Path.Combine("src", "LifeRaft.Cli"), StringComparison.Ordinal), "LifeRaft.Cli.dll");

    /// <summary>Runs the tool as a process, where no silo is.</summary>
    private static async Task<(int Code, string Said)> Tool(string line)
    {
        string[] arguments = [_tool, .. line.Split(' ')[1..], "--gateway", $"127.0.0.1:{FreePort.Next()}", "--timeout", "1s", .. line.Contains(" remove ", StringComparison.Ordinal) ? ["--yes"] : Array.Empty<string>()];
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, string.Concat(said));
    }
}
