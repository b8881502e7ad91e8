using System.Text.Json;

namespace LifeRaft.Cli.Tests.Up;

/// <summary>
/// A cluster of <c>dotnet run --project src/LifeRaft.Cli -- up</c>, which all tests of a class use. It has four silos, so that groups of three
/// can get another member. What it shows of itself before anybody changes anything is kept for the snapshots.
/// </summary>
public sealed class RunningUp : IAsyncLifetime
{
    /// <summary>What looks at the cluster as a whole, and changes nothing.</summary>
    private static readonly string[][] _looks =
    [
        ["status"], ["status", "-o", "json"], ["status", "kv/default"], ["status", "kv/default", "-o", "json"], ["groups"], ["groups", "--problem"],
        ["silo", "list"], ["member", "list", "kv/default"], ["health"], ["top", "--once", "--interval", "100ms"], ["top", "--once", "-o", "json", "--interval", "100ms"],
    ];

    /// <summary>Where everything else runs at the same time, connecting alone may take longer than the tool's own ten seconds.</summary>
    private static readonly string[] _patience = ["--timeout", "50s"];

    private readonly HashSet<string> _processes = [];
    private readonly Dictionary<string, ToolRun> _seen = [];
    private CliProcess _process = null!;

    /// <summary>What it said when it was ready.</summary>
    internal JsonElement Ready { get; private set; }

    internal string Gateways { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _process = CliProcess.StartByDotnetRun("up", "--silos", "4", "--ports", "0", "--dashboard-port", "0", "-o", "json");
        var line = await _process.Printed(output => output.Contains('\n', StringComparison.Ordinal));
        Ready = JsonDocument.Parse(line).RootElement;
        Gateways = string.Join(',', Ready.GetProperty("gateways").EnumerateArray().Select(gateway => gateway.GetString()));
        foreach (var look in _looks)
        {
            await SeeHealthy(look);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        if (Directory.Exists(Ready.GetProperty("data").GetString()))
        {
            Directory.Delete(Ready.GetProperty("data").GetString()!, recursive: true);
        }
    }

    /// <summary>
    /// Runs the tool against it: as a process the first time that a command is run, later within this process, which is the same code and many
    /// times as quick.
    /// </summary>
    internal Task<ToolRun> Run(params string[] arguments)
    {
        string[] all = [.. arguments, .. _patience];
        var command = Tool.CreateRoot().Parse(arguments).CommandResult.Command;
        bool isFirst;
        lock (_processes)
        {
            isFirst = _processes.Add($"{command.Parents.First().Name} {command.Name}");
        }

        return isFirst ? CliProcess.Run(Gateways, all) : ToolRun.With(new ToolSurroundings { Variables = new Dictionary<string, string> { [ClusterArguments.GatewaysVariable] = Gateways } }, all);
    }

    /// <summary>Runs the tool, which must end with 0.</summary>
    internal async Task<ToolRun> Done(params string[] arguments)
    {
        var run = await Run(arguments);
        Assert.True(run.Exit == 0, $"liferaft {string.Join(' ', arguments)}: {run}");
        return run;
    }

    /// <summary>What one of the looks showed at the beginning.</summary>
    internal ToolRun Seen(string command) => _seen[command];

    internal CliProcess Start(params string[] arguments) => CliProcess.Start(Gateways, [.. arguments, .. _patience]);

    /// <summary>On a machine that is busy a member may fall silent for a moment; the snapshots are of a cluster that is well.</summary>
    private async Task SeeHealthy(string[] look)
    {
        var run = await Wait.For("all is healthy", () => Run(look), run => run.Exit == 0 && !run.Output.Contains("degraded", StringComparison.Ordinal) && !run.Output.Contains("no leader", StringComparison.Ordinal));
        _seen[string.Join(' ', look)] = run;
    }
}
