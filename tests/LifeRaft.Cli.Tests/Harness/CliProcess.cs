using System.Diagnostics;
using System.Text;

namespace LifeRaft.Cli.Tests;

/// <summary>The tool as a process of its own: what it prints, as it prints it, and how it ends.</summary>
internal sealed class CliProcess : IAsyncDisposable
{
    /// <summary>Where everything else runs at the same time, connecting alone may take longer than the tool's own ten seconds.</summary>
    public const string Patience = "50s";

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _error = new();
    private readonly Task _read;

    private CliProcess(Process process)
    {
        _process = process;
        _read = Task.WhenAll(Read(process.StandardOutput, _output), Read(process.StandardError, _error));
    }

    /// <summary>What it has printed by now.</summary>
    public string Output => Text(_output);

    /// <summary>What it has complained of by now.</summary>
    public string Error => Text(_error);

    /// <summary>Starts the tool that was built, with nothing of the tool's in its environment but these gateways.</summary>
    public static CliProcess Start(string? gateways, params string[] arguments) => StartProgram(gateways, "dotnet", ["exec", typeof(Tool).Assembly.Location, .. arguments]);

    /// <summary>Starts it as the README says: <c>dotnet run</c>, of what was built.</summary>
    public static CliProcess StartByDotnetRun(params string[] arguments)
    {
        var isRelease = AppContext.BaseDirectory.Contains($"{Path.DirectorySeparatorChar}Release{Path.DirectorySeparatorChar}", StringComparison.Ordinal);
        return StartProgram(null, "dotnet", ["run", "--no-build", "--configuration", isRelease ? "Release" : "Debug", "--project", Path.Combine(Root(), "src", "LifeRaft.Cli"), "--", .. arguments]);
    }

    /// <summary>Runs the tool to its end.</summary>
    public static async Task<ToolRun> Run(string? gateways, params string[] arguments)
    {
        await using var process = Start(gateways, arguments);
        return await process.Ended();
    }

    /// <summary>Runs a line as a shell in that directory does. There the tool is called <c>liferaft</c>; what is printed comes in its order, complaints too.</summary>
    public static async Task<ToolRun> RunShell(string? gateways, string directory, string line)
    {
        var tool = Path.Combine(directory, "bin", "liferaft");
        if (!File.Exists(tool) && !OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(tool)!);
            await File.WriteAllTextAsync(tool, $"#!/bin/sh\nexec dotnet exec '{typeof(Tool).Assembly.Location}' \"$@\"\n");
            File.SetUnixFileMode(tool, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }

        await using var process = StartProgram(gateways, "sh", ["-c", $"PATH=$PWD/bin:$PATH; exec 2>&1; {line}"], directory);
        return await process.Ended();
    }

    /// <summary>Waits until it has printed what is looked for; fails with all that it said when it ends before.</summary>
    public Task<string> Printed(Func<string, bool> isReached) => Wait.For(
        "the tool prints what is expected",
        () => Task.FromResult(Output),
        output => isReached(output) || (_process.HasExited && _read.IsCompleted && !isReached(Output) ? throw new InvalidOperationException($"The tool has ended: {new ToolRun(_process.ExitCode, Output, Error)}") : false),
        _ => new ToolRun(-1, Output, Error).ToString());

    /// <summary>Waits until it ends by itself.</summary>
    public async Task<ToolRun> Ended()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(2 * Wait.Patience, TestContext.Current.CancellationToken);
        await _read;
        return new ToolRun(_process.ExitCode, Output, Error);
    }

    /// <summary>Sends a signal, for instance INT, to this process or to the one of that id, and waits until this one ends.</summary>
    public async Task<ToolRun> Stop(string signal, int? id = null)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{id ?? _process.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
        return await Ended();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static CliProcess StartProgram(string? gateways, string program, IEnumerable<string> arguments, string directory = "")
    {
        var start = ProgramStart.Of(program, arguments);
        start.WorkingDirectory = directory;
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("LIFERAFT_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(variable);
        }

        // Short runs: no time is spent on code that would pay back later.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["TZ"] = "UTC";
        if (gateways is not null)
        {
            start.Environment[ClusterArguments.GatewaysVariable] = gateways;
            start.Environment[ClusterArguments.TimeoutVariable] = Patience;
        }

        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new CliProcess(process);
    }

    private static string Root()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "LifeRaft.sln")))
        {
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException($"LifeRaft.sln is in no folder above {AppContext.BaseDirectory}.");
        }

        return directory;
    }

    private static async Task Read(StreamReader reader, StringBuilder text)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (text)
            {
                text.AppendLine(line);
            }
        }
    }

    private static string Text(StringBuilder text)
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
