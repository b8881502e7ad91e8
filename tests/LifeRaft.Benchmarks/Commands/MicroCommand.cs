using System.CommandLine;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Running;

namespace LifeRaft.Benchmarks;

/// <summary>The command <c>micro</c>: parts of LifeRaft alone.</summary>
internal static class MicroCommand
{
    private static readonly Argument<string[]> _arguments = new("arguments") { Description = "Arguments of BenchmarkDotNet, such as --job short. With no --filter all are run.", Arity = ArgumentArity.ZeroOrMore };

    public static Command Create()
    {
        var command = new Command("micro", "Measures time and allocated bytes of the protocol's steps, of the messages' codec and of the log stores, with BenchmarkDotNet; its arguments come after --, as in: micro -- --filter *Codec* --job short.") { _arguments };
        command.SetAction(result => Run(result.GetValue(_arguments)!));
        return command;
    }

    private static int Run(string[] arguments)
    {
        // In this process: a project that BenchmarkDotNet would write and build has to build all of LifeRaft again.
        string[] all = [.. arguments, "--inProcess", .. arguments.Contains("--filter") || arguments.Contains("-f") ? (string[])[] : ["--filter", "*"]];

        // What it writes besides its output goes where no one commits it.
        var artifacts = Path.Combine(Path.GetTempPath(), "liferaft-benchmarks");
        var summaries = BenchmarkSwitcher.FromAssembly(typeof(MicroCommand).Assembly).Run(all, DefaultConfig.Instance.WithArtifactsPath(artifacts));
        return summaries.All(summary => summary.Reports.All(report => report.Success) && !summary.HasCriticalValidationErrors) ? 0 : 1;
    }
}
