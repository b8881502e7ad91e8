using System.CommandLine;
using Spectre.Console;

namespace LifeRaft.Benchmarks;

/// <summary>The command <c>compare</c>.</summary>
internal static class CompareCommand
{
    private static readonly TimeSpan _settling = TimeSpan.FromSeconds(1);

    private static readonly Option<int> _rounds = new("--rounds") { Description = "How often each system is started and measured; the figures are medians.", DefaultValueFactory = _ => 5 };

    private static readonly Option<double> _seconds = new("--seconds") { Description = "How long each measurement takes.", DefaultValueFactory = _ => 3 };

    private static readonly Option<int[]> _clients = new("--clients") { Description = "How many requests are under way at once.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [1, 64, 256] };

    private static readonly Option<string[]> _systems = Choice("--systems", "Which systems", Systems.All.Select(system => system.Name));

    private static readonly Option<string[]> _workloads = Choice("--workloads", "What is asked of them, where they can do it", Workload.Names);

    private static readonly Option<int[]> _lengths = new("--value-bytes")
    {
        Description = $"How long the values of writes are: {string.Join(", ", Values.Lengths)}. Other lengths than {Values.UsualBytes} are measured with {WarmUp.Clients} clients only.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [.. Values.Lengths],
    };

    private static readonly Option<FileInfo?> _json = new("--json") { Description = "Writes the rows to this file, too." };

    public static Command Create()
    {
        var warm = WarmUp.OfSystem();
        var command = new Command(
            "compare",
            "Measures durable writes of three nodes, reads, and the limits of what they rest on. A system is measured when it is warm: after its start it is asked with "
                + $"{WarmUp.Clients} clients until {WarmUp.FlatWindows} seconds in a row are no more than {WarmUp.Rising - 1:0 %} above the best before, {warm.Least} to {warm.Most} seconds, then shorter for each other workload. "
                + $"Before each measurement the same load runs for {_settling.TotalSeconds} s. With nothing said it all takes about 40 minutes.")
        {
            _rounds, _seconds, _clients, _systems, _workloads, _lengths, _json,
        };
        command.Validators.Add(result =>
        {
            if (result.Breaks(_rounds, rounds => rounds >= 1) || result.Breaks(_seconds, seconds => seconds > 0) || result.Breaks(_clients, clients => clients.All(count => count >= 1)))
            {
                result.AddError("--rounds and --clients are from 1 on, and --seconds is more than 0.");
            }

            if (result.Breaks(_lengths, lengths => lengths.All(Values.Lengths.Contains)))
            {
                result.AddError($"--value-bytes: each is one of {string.Join(", ", Values.Lengths)}.");
            }
        });
        command.SetAction(async (result, cancellationToken) =>
        {
            var systems = Systems.All.Where(system => result.GetValue(_systems)!.Contains(system.Name)).ToList();
            var measuring = new Comparison(
                result.GetValue(_workloads)!, result.GetValue(_lengths)!, result.GetValue(_clients)!, _settling, TimeSpan.FromSeconds(result.GetValue(_seconds)));
            var rows = await Measure(systems, measuring, result.GetValue(_rounds), cancellationToken);
            CompareTables.Show(rows, systems);
            foreach (var repeated in measuring.Repeated)
            {
                AnsiConsole.WriteLine($"Measured again, for a request failed: {repeated}");
            }

            if (result.GetValue(_json) is { } file)
            {
                await MeasurementFile.Write(file, rows, cancellationToken);
            }
        });
        return command;
    }

    /// <summary>System after system, round after round: what the machine does beside them meets all of them alike.</summary>
    private static async Task<IReadOnlyList<Measurement>> Measure(List<SystemKind> systems, Comparison comparison, int rounds, CancellationToken cancellationToken)
    {
        var all = new List<Measurement>();
        await AnsiConsole.Status().StartAsync("measuring", async status =>
        {
            for (var round = 1; round <= rounds; round++)
            {
                foreach (var kind in systems.Where(kind => kind.Missing() is null))
                {
                    all.AddRange(await comparison.Measure(kind, text => status.Status($"round {round} of {rounds}: {kind.Name}{text}"), cancellationToken));
                }
            }
        });
        return [.. all.GroupBy(one => (one.System, one.Workload, one.Clients, one.ValueBytes)).Select(group => Measurement.MedianOf([.. group]))];
    }

    private static Option<string[]> Choice(string name, string description, IEnumerable<string> all)
    {
        string[] names = [.. all];
        var option = new Option<string[]>(name) { Description = $"{description}: {string.Join("; ", names)}.", AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => names };
        option.Validators.Add(result =>
        {
            foreach (var unknown in result.Tokens.Select(token => token.Value).Except(names))
            {
                result.AddError($"{name}: '{unknown}' is none of {string.Join("; ", names)}.");
            }
        });
        return option;
    }
}
