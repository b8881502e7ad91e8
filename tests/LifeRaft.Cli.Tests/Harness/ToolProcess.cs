using System.Diagnostics;
using System.Runtime.InteropServices;

namespace LifeRaft.Cli.Tests;

/// <summary>The tool as a process of its own, as a person starts it.</summary>
internal sealed class ToolProcess : IDisposable
{
    private readonly Process _process;

    private ToolProcess(Process process) => _process = process;

    public static ToolProcess Start(params string[] arguments) => Start(ProgramStart.Of("dotnet", [Path.Combine(AppContext.BaseDirectory, "LifeRaft.Cli.dll"), .. arguments]));

    /// <summary>Starts it without a terminal, whoever runs the tests: with one, SIGINT is that terminal's business.</summary>
    public static ToolProcess StartDetached(params string[] arguments) => Start(ProgramStart.Of("setsid", ["dotnet", Path.Combine(AppContext.BaseDirectory, "LifeRaft.Cli.dll"), .. arguments]));

    /// <summary>Starts it as the foreground of a terminal of its own, into which <see cref="Type"/> types.</summary>
    public static ToolProcess StartInTerminal(params string[] arguments) => Start(ProgramStart.Of(
        "script", ["--quiet", "--return", "--command", $"exec {string.Join(' ', new[] { "dotnet", Path.Combine(AppContext.BaseDirectory, "LifeRaft.Cli.dll") }.Concat(arguments).Select(Quoted))}", "/dev/null"]));

    /// <summary>Types into its terminal.</summary>
    public async Task Type(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Starts it with signals ignored, as nohup does with HUP, and a script with INT for what it puts into the background.</summary>
    public static ToolProcess StartIgnoring(string signals, params string[] arguments) =>
        Start(ProgramStart.Ignoring(signals, "dotnet", [Path.Combine(AppContext.BaseDirectory, "LifeRaft.Cli.dll"), .. arguments]));

    /// <summary>The next line of its output.</summary>
    public Task<string?> NextLine() => _process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Wait.Patience);

    public async Task<(int Exit, string Error)> Ended()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Wait.Patience);
        return (_process.ExitCode, await _process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
    }

    public void Send(PosixSignal signal) => Assert.Equal(0, Kill(_process.Id, signal switch
    {
        PosixSignal.SIGTERM => 15,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGHUP => 1,
        _ => throw new ArgumentOutOfRangeException(nameof(signal)),
    }));

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static string Quoted(string word) => $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";

    private static ToolProcess Start(ProcessStartInfo start) => new(Process.Start(start)!);

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Kill(int process, int signal);
}
