using System.Collections.Concurrent;
using System.Text.Json;

namespace LifeRaft.Cli.Tests.Up;

/// <summary>
/// A cluster of <c>dotnet run --project src/LifeRaft.Cli -- up</c>, which all tests of a class use. It has four silos, so that groups of three
/// can get another member. What it shows of itself before anybody changes anything is kept for the snapshots.
/// </summary>
public sealed class RunningUp : IAsyncLifetime
{
    /// <summary>What looks at the cluster as a whole, and changes nothing.</summary>
    internal static readonly string[][] Looks =
    [
        ["status"], ["status", "-o", "json"], ["status", "kv/default"], ["status", "kv/default", "-o", "json"], ["groups"], ["groups", "--problem"],
        ["silo", "list"], ["member", "list", "kv/default"], ["health"], ["top", "--once", "--interval", "100ms"], ["top", "--once", "-o", "json", "--interval", "100ms"],
    ];

    // Each of them starts one process after the other.
    private const int SessionsAtOnce = 3;

    private readonly string _directory = Directory.CreateTempSubdirectory("liferaft-test-").FullName;
    private readonly HashSet<string> _processes = [];
    private readonly Dictionary<string, ToolRun> _seen = [];
    private readonly ConcurrentDictionary<string, string> _played = [];
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
        foreach (var look in Looks)
        {
            await SeeHealthy(look);
        }

        await Play(Sessions.Silos);
        await Parallel.ForEachAsync(Sessions.Others, new ParallelOptions { MaxDegreeOfParallelism = SessionsAtOnce }, async (session, _) => await Play(session));
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        if (Directory.Exists(Ready.GetProperty("data").GetString()))
        {
            Directory.Delete(Ready.GetProperty("data").GetString()!, recursive: true);
        }

        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Runs the tool against it, within this process: that is the same code and many times as quick.</summary>
    internal Task<ToolRun> Run(params string[] arguments) => ToolRun.With(
        new ToolSurroundings { Variables = new Dictionary<string, string> { [ClusterArguments.GatewaysVariable] = Gateways, [ClusterArguments.TimeoutVariable] = CliProcess.Patience } }, arguments);

    /// <summary>Runs the tool, which must end with 0.</summary>
    internal async Task<ToolRun> Done(params string[] arguments)
    {
        var run = await Run(arguments);
        Assert.True(run.Exit == 0, $"liferaft {string.Join(' ', arguments)}: {run}");
        return run;
    }

    /// <summary>What one of the looks showed at the beginning.</summary>
    internal ToolRun Seen(string command) => _seen[command];

    /// <summary>What was printed in a session.</summary>
    internal string Played(string session) => _played[session];

    internal CliProcess Start(params string[] arguments) => CliProcess.Start(Gateways, arguments);

    private async Task Play(Session session) => _played[session.Name] = await session.Play(Gateways, Directory.CreateDirectory(Path.Combine(_directory, session.Name)).FullName);

    /// <summary>On a machine that is busy a member may fall silent for a moment; the snapshots are of a cluster that is well.</summary>
    private async Task SeeHealthy(string[] look)
    {
        var run = await Wait.For("all is healthy", () => Look(look), run => run.Exit == 0 && !run.Output.Contains("degraded", StringComparison.Ordinal) && !run.Output.Contains("no leader", StringComparison.Ordinal));
        _seen[string.Join(' ', look)] = run;
    }

    /// <summary>As a process the first time that a command is run.</summary>
    private Task<ToolRun> Look(string[] arguments) => _processes.Add(Sessions.CommandsIn($"liferaft {string.Join(' ', arguments)}").Single()) ? CliProcess.Run(Gateways, arguments) : Run(arguments);
}
