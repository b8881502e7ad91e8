using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>check perf</c>: a short measured write test against thresholds, in the manner of etcdctl's.</summary>
internal static class PerformanceCheck
{
    /// <summary>The machine whose groups can be written to without knowing what they are for.</summary>
    private const string Machine = "kv";

    private static readonly Argument<string> _group = GroupArgument.Required("The group, kv/{name}: keys below 'liferaft-check-perf/' are written and deleted again.");

    private static readonly UsualOption<TimeSpan> _duration = DurationOption.Create("--duration", TimeSpan.FromMilliseconds(100), TimeSpan.FromHours(1), TimeSpan.FromSeconds(5), "How long it writes.");

    private static readonly Option<int> _clients = NumberOption.Create("--clients", 1, 1024, 16, "How many clients write at once, each one thing after the other.");

    private static readonly Option<int> _bytes = NumberOption.Create("--value-bytes", 0, 1024 * 1024, 256, "How many bytes are written at a time.");

    private static readonly Option<int> _rate = NumberOption.Create("--writes-per-second", 1, 10_000_000, 150, "It fails below so many acknowledged writes per second.");

    private static readonly UsualOption<TimeSpan> _p99 = DurationOption.Create("--p99", TimeSpan.FromTicks(1), TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(100), "It fails when one of 100 writes takes longer.");

    private static readonly UsualOption<TimeSpan> _slowest = DurationOption.Create("--slowest", TimeSpan.FromTicks(1), TimeSpan.FromHours(1), TimeSpan.FromMilliseconds(500), "It fails when any write takes longer.");

    public static Command Create()
    {
        var command = new Command("perf", "Writes to a key-value group for some seconds, and says whether it is fast enough: exit code 1 if not, and why.")
        {
            _group, _duration, _clients, _bytes, _rate, _p99, _slowest,
        };
        command.Runs(Check);
        return command;
    }

    private static async Task<int> Check(CommandRun run)
    {
        var name = GroupName.Parse(run.Get(_group)!);
        if (name.Machine != Machine)
        {
            throw new MisuseException($"{name} keeps no keys and values that could be written for a test. Name a group {Machine}/{{name}}, or found one with 'liferaft group create {Machine}/perf'.");
        }

        await using var connection = await run.Connect();
        var operations = connection.Operations();
        await operations.Look(name.ToString(), run.CancellationToken); // Not founded by a mistake in its name.
        var load = new WriteLoad(new KeyValueStore(connection.Group(name.ToString())), run.Get(_clients), run.Get(_bytes), TimeProvider.System);
        var measured = await ProgressBar.While(run, $"Writing to {name}", progress => load.Run(run.Get(_duration), progress, run.CancellationToken));
        var report = await operations.Look(run.CancellationToken);
        var verdict = PerformanceVerdict.Of(measured, new PerformanceThresholds(run.Get(_rate), run.Get(_p99), run.Get(_slowest)), report, name.ToString());
        Show(run, name.ToString(), measured, verdict);
        return verdict.Passed ? ExitCodes.Done : ExitCodes.Failed;
    }

    private static void Show(CommandRun run, string group, WriteMeasurement measured, PerformanceVerdict verdict)
    {
        if (run.IsJson)
        {
            Json.Write(run.Output, new
            {
                group,
                verdict.Passed,
                measured.Writes,
                measured.Failed,
                measured.FirstFailure,
                writesPerSecond = Math.Round(measured.PerSecond, 1),
                p50Ms = Figures.Milliseconds(measured.P50),
                p99Ms = Figures.Milliseconds(measured.P99),
                slowestMs = Figures.Milliseconds(measured.Slowest),
                checks = verdict.Checks,
                verdict.Reasons,
            });
            return;
        }

        new Listing<PerformanceCheckRow>()
            .Column("", check => check.Passed ? "pass" : "FAIL", colour: check => check.Passed ? "green" : "red")
            .Column("what", check => check.What)
            .Column("measured", check => check.Measured, isRight: true)
            .Column("threshold", check => check.Threshold, isRight: true)
            .Write(run.Output, run.Format, verdict.Checks);
        foreach (var reason in verdict.Reasons)
        {
            run.Output.WriteLine(reason);
        }

        run.Output.WriteLine(verdict.Passed ? $"PASS: {group} is fast enough." : $"FAIL: {group} is not fast enough.");
    }
}
