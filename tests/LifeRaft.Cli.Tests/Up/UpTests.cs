using System.Text.Json;

namespace LifeRaft.Cli.Tests.Up;

/// <summary>How a cluster of <c>up</c> begins and ends, and who watches it meanwhile.</summary>
[Collection(ToolProcesses.Name)]
public sealed class UpTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("liferaft-test-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task It_ends_in_good_order_removes_what_is_temporary_and_says_so()
    {
        await using var up = CliProcess.Start(null, "up", "--silos", "1", "--ports", "0", "--no-dashboard");
        var said = await up.Printed(output => output.Contains("liferaft top", StringComparison.Ordinal));
        Assert.Contains($"1 silo with kv/default and {HoldOptions.UsualGroup} in this process, until Ctrl-C.", said, StringComparison.Ordinal);
        Assert.Contains("export LIFERAFT_GATEWAYS=127.0.0.1:", said, StringComparison.Ordinal);
        var data = said.Split("The logs in ")[1].Split(' ')[0];
        Assert.True(Directory.Exists(data));

        var ended = await up.Stop("INT");
        Assert.Equal((0, ""), (ended.Exit, ended.Error));
        Assert.EndsWith("Stopped; the logs are removed.", ended.Output.TrimEnd(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(data));
    }

    [Fact]
    public async Task What_it_keeps_is_there_again_and_who_watches_goes_on_through_its_restart()
    {
        var port = FreePort.Row(1);
        string[] arguments = ["up", "--silos", "1", "--ports", $"{port}", "--no-dashboard", "--data", Path.Combine(_directory, "data"), "-o", "json"];
        await using var watch = await Started(async () =>
        {
            await using var up = CliProcess.Start(null, arguments);
            await up.Printed(output => output.Contains('\n', StringComparison.Ordinal));
            var watch = CliProcess.Start($"127.0.0.1:{port}", "watch", "--since", "1h", "-o", "json", "--timeout", "30s");
            await watch.Printed(output => output.Contains("siloStarted", StringComparison.Ordinal));
            Assert.Equal(0, (await ToolRun.Of("kv", "put", "kept", "value", "--group", "kv/default", "--gateway", $"127.0.0.1:{port}", "--timeout", "50s")).Exit);
            var taken = await ToolRun.Of([.. arguments.SkipLast(2)]);
            Assert.Equal(1, taken.Exit);
            Assert.Contains($"Port {port} of 127.0.0.1 cannot be used", taken.Error, StringComparison.Ordinal);
            Assert.Equal(0, (await up.Stop("TERM")).Exit);
            return watch;
        });

        // Its disk is looked at while nobody uses it, and its group founded anew.
        Snapshot.Matches(Sessions.Offline.Name, Volatile.Replaced(await Sessions.Offline.Play(null, _directory)));

        await using var again = CliProcess.Start(null, arguments);
        await again.Printed(output => output.Contains('\n', StringComparison.Ordinal));
        var told = await watch.Printed(output => output.Split("siloStarted").Length == 3);
        Assert.Equal(2, told.Split('\n').Where(line => line.Contains("siloStarted", StringComparison.Ordinal)).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("at").GetDateTimeOffset()).Distinct().Count());
        Assert.Contains("The connection is lost", watch.Error, StringComparison.Ordinal);
        var kept = await ToolRun.Of("kv", "get", "kept", "--group", "kv/default", "--gateway", $"127.0.0.1:{port}", "--timeout", "50s");
        Assert.Equal(0, kept.Exit);
        Assert.Contains("value", kept.Output, StringComparison.Ordinal);
    }

    private static Task<CliProcess> Started(Func<Task<CliProcess>> start) => start();
}
