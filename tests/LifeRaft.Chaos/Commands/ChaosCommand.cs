using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LifeRaft.Chaos;

/// <summary>The command line.</summary>
internal static class ChaosCommand
{
    private static readonly ChaosSettings _defaults = new();

    private static readonly Option<int> _silos = Number("--silos", 3, 9, _defaults.Silos, "How many silo processes.");

    private static readonly Option<int> _clients = Number("--clients", 1, 64, _defaults.Clients, "How many clients read and write keys at once.");

    private static readonly Option<Workload> _workload = new("--workload")
    {
        Description = "What clients do: read and write keys (kv), acquire locks and campaign (locks), or both.",
        DefaultValueFactory = _ => _defaults.Workload,
    };

    private static readonly Option<TimeSpan> _for = new("--for")
    {
        Description = $"How long faults are injected, for instance '10 min'; every kind comes at least once. [default: {Duration.Format(_defaults.For)}]",
        HelpName = "duration",
        CustomParser = ParseDuration,
    };

    private static readonly Option<int?> _seed = new("--seed") { Description = "Decides which faults come when, but for who leads. Drawn when it is not given." };

    private static readonly Option<string?> _history = new("--history") { Description = "Write the clients' history to this file.", HelpName = "file" };

    private static readonly Option<bool> _keep = new("--keep") { Description = "Leave the silos' logs when it is over." };

    private static readonly Option<PlantedFault> _plant = new("--plant") { Description = "Plant this fault, to see the run fail." };

    public static RootCommand Create()
    {
        var command = new RootCommand("Does harm to silo processes while clients work, and judges what the clients were told.")
        {
            _silos, _workload, _for, _seed, _clients, _history, _keep, _plant,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new ChaosSettings
            {
                Silos = parsed.GetValue(_silos),
                Workload = parsed.GetValue(_workload),
                For = parsed.GetResult(_for) is null ? _defaults.For : parsed.GetValue(_for),
                Seed = parsed.GetValue(_seed) ?? Random.Shared.Next(),
                Clients = parsed.GetValue(_clients),
                History = parsed.GetValue(_history),
                Keep = parsed.GetValue(_keep),
                Plant = parsed.GetValue(_plant),
            };
            return Run(settings, parsed.InvocationConfiguration.Output, cancellationToken);
        });
        return command;
    }

    private static async Task<int> Run(ChaosSettings settings, TextWriter output, CancellationToken cancellationToken)
    {
        try
        {
            var result = await ChaosRun.Run(settings, output.WriteLine, cancellationToken);
            result.Print(output.WriteLine);
            if (!result.Held)
            {
                var planted = settings.Plant == PlantedFault.None ? "" : $" --plant {settings.Plant}";
                await output.WriteLineAsync($"again: dotnet run -c Release --project tests/LifeRaft.Chaos -- --silos {settings.Silos} --workload {settings.Workload} --for '{Duration.Format(settings.For)}' --clients {settings.Clients} --seed {settings.Seed}{planted}");
            }

            return result.Held ? 0 : Tool.Failed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await output.WriteLineAsync("Stopped; nothing was judged.");
            return Tool.Interrupted;
        }
    }

    private static Option<int> Number(string name, int least, int most, int usual, string description) => new(name)
    {
        Description = $"{description} A number from {least} to {most}.",
        HelpName = "number",
        DefaultValueFactory = _ => usual,
        CustomParser = result =>
        {
            var text = result.Tokens.Single().Value;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
            {
                result.AddError($"{name} is a number from {least} to {most}, not '{text}'.");
            }

            return number;
        },
    };

    private static TimeSpan ParseDuration(ArgumentResult result)
    {
        try
        {
            return Duration.ParseArgument(result.Tokens.Single().Value);
        }
        catch (FormatException problem)
        {
            result.AddError($"--for: {problem.Message}");
            return default;
        }
    }
}
