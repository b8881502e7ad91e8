using System.Diagnostics;

namespace LifeRaft.Docker.Tests;

/// <summary>What a program answered.</summary>
internal sealed record Answer(int ExitCode, string Output)
{
    public Answer OrFail(string what) => ExitCode == 0 ? this : throw new InvalidOperationException($"{what} ended with exit code {ExitCode}:{Environment.NewLine}{Output}");
}

/// <summary>Runs programs of the machine to their end.</summary>
internal static class Shell
{
    /// <summary>Far above what any of them takes.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static Answer Run(string program, params string[] arguments) => Run(new ProcessStartInfo(program, arguments), Patience);

    /// <summary>Runs it and reads both of its outputs. Kills it, and all that it started, when it does not end in time.</summary>
    public static Answer Run(ProcessStartInfo start, TimeSpan patience)
    {
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(patience))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{start.FileName} {string.Join(' ', start.ArgumentList)} did not end within {patience.TotalSeconds} s. It said: {output.Result}{error.Result}");
        }

        return new Answer(process.ExitCode, output.Result + error.Result);
    }
}
