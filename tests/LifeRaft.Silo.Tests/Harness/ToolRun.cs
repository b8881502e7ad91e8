using System.Diagnostics;

namespace LifeRaft.Silo.Tests;

/// <summary>What the liferaft tool said, and how it ended.</summary>
internal sealed record ToolRun(int Exit, string Output, string Error)
{
    /// <summary>Runs it as a process of its own, with nothing of its variables in the environment.</summary>
    public static async Task<ToolRun> Of(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "LifeRaft.Cli.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var variable in start.Environment.Keys.Where(name => name.StartsWith("LIFERAFT_", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(variable);
        }

        using var process = Process.Start(start)!;
        try
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Wait.Patience);
            return new ToolRun(process.ExitCode, (await output).Trim(), (await error).Trim());
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
