using System.CommandLine;
using System.Globalization;

namespace LifeRaft.Cli;

/// <summary>The command <c>bench</c>.</summary>
internal static class BenchCommand
{
    private const string Prefix = "liferaft-bench/";

    // Less than the tool has after Ctrl-C.
    private static readonly TimeSpan _timeToTidy = TimeSpan.FromSeconds(15);

    private static readonly Option<string> _group = GroupOption.Create("kv/orders");

    private static readonly Option<int> _clients = NumberOption.Create("--clients", 1, 4096, 16, "How many requests are under way at once.");

    private static readonly UsualOption<TimeSpan> _duration = DurationOption.Create(
        "--duration", TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1), TimeSpan.FromSeconds(10), "How long is measured.");

    private static readonly UsualOption<TimeSpan> _warmUp = DurationOption.Create(
        "--warm-up", TimeSpan.Zero, TimeSpan.FromDays(1), TimeSpan.FromSeconds(2), "How long the same is done before, unmeasured.");

    private static readonly Option<int> _valueBytes = NumberOption.Create("--value-bytes", 0, 1024 * 1024, 100, "How long the values are.");

    private static readonly Option<int> _keys = NumberOption.Create("--keys", 1, 1_000_000, 1000, "How many keys are written and read in turn.");

    private static readonly Option<int> _reads = NumberOption.Create("--reads", 0, 100, 0, "How many of a hundred requests are reads.");

    private static readonly Option<bool> _lease = new("--lease") { Description = "Read by the leader's lease." };

    public static Command Create()
    {
        var command = new DetailedCommand(
            "bench",
            "Measures writes and reads of a key-value group: how many, and how long each takes.",
            $"It writes keys that begin with '{Prefix}' and removes them when it is over. The group's other clients notice.")
        {
            _group, _clients, _duration, _warmUp, _valueBytes, _keys, _reads, _lease,
        };
        ClusterArguments.AddTo(command);
        command.Runs(Run);
        return command;
    }

    private static async Task<int> Run(CommandRun run)
    {
        await using var connection = await run.Connect();
        var group = connection.Group(run.Get(_group)!);
        group.Reads = run.Get(_lease) ? ReadConsistency.Lease : ReadConsistency.Linearizable;
        var store = new KeyValueStore(group);
        await store.Revision(run.CancellationToken); // A group that does not answer is said at once, and not counted as errors.
        var settings = new BenchSettings(run.Get(_clients), run.Get(_duration), run.Get(_warmUp), run.Get(_valueBytes), run.Get(_keys), run.Get(_reads));
        var bench = new BenchRun(store, settings, Prefix, TimeProvider.System, new Random());
        var (elapsed, writes, reads) = await ProgressBar.While(run, "measuring", progress => bench.Run(progress, run.CancellationToken));
        Show(run, settings, elapsed, writes, reads);
        var isTidy = await IsTidied(run, bench, settings.WarmUp + settings.Duration);
        return run.CancellationToken.IsCancellationRequested ? ExitCodes.Interrupted
            : !isTidy || writes.Errors.Count + reads.Errors.Count > 0 ? ExitCodes.Failed
            : ExitCodes.Done;
    }

    /// <summary>Removes what was written. What was measured is shown before, and stands whatever becomes of this.</summary>
    private static async Task<bool> IsTidied(CommandRun run, BenchRun bench, TimeSpan timeToWrite)
    {
        using var deadline = new CancellationTokenSource(timeToWrite + _timeToTidy, TimeProvider.System);
        await using var interruption = run.CancellationToken.Register(() => deadline.CancelAfter(_timeToTidy));
        try
        {
            await bench.CleanUp(deadline.Token);
            return true;
        }
        catch (Exception failure) when (failure is OperationCanceledException || Failures.Explain(failure) is not null)
        {
            var reason = failure is OperationCanceledException ? "the time for it was over" : failure.Message.TrimEnd('.');
            await run.Error.WriteLineAsync(TerminalText.Of(
                $"Keys that begin with '{Prefix}' are left in {run.Get(_group)}: {reason}. See them with 'liferaft kv list {Prefix} --group {run.Get(_group)}'; the next bench that goes to its end removes those that it writes too."));
            return false;
        }
    }

    private static void Show(CommandRun run, BenchSettings settings, TimeSpan elapsed, BenchFigures writes, BenchFigures reads)
    {
        var document = new
        {
            group = run.Get(_group),
            clients = settings.Clients,
            valueBytes = settings.ValueBytes,
            readPercent = settings.ReadPercent,
            elapsedMs = elapsed.TotalMilliseconds,
            writes,
            reads,
        };
        var rows = new[] { ("write", writes), ("read", reads) }.Where(row => row.Item2.Count + row.Item2.Errors.Count > 0);
        var listing = new Listing<(string Kind, BenchFigures Figures)>()
            .Column("request", row => row.Kind)
            .Column("count", row => Number(row.Figures.Count, "N0"), isRight: true)
            .Column("per second", row => Number(row.Figures.PerSecond, "N0"), isRight: true)
            .Column("p50 ms", row => Number(row.Figures.P50Ms), isRight: true)
            .Column("p99 ms", row => Number(row.Figures.P99Ms), isRight: true)
            .Column("p99.9 ms", row => Number(row.Figures.P999Ms), isRight: true)
            .Column("max ms", row => Number(row.Figures.MaxMs), isRight: true, isWide: true)
            .Column("errors", row => row.Figures.Errors.Count == 0 ? "0" : string.Join(", ", row.Figures.Errors.Select(error => $"{error.Key} {error.Value}")), colour: row => row.Figures.Errors.Count > 0 ? "red" : null);
        run.Write(document, listing, rows);
    }

    private static string Number(double? number, string form = "N2") => number?.ToString(form, CultureInfo.InvariantCulture) ?? "-";
}
