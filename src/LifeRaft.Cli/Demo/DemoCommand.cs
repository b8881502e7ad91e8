using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace LifeRaft.Cli;

/// <summary>The command <c>demo</c>: its options, and who is told what.</summary>
internal static class DemoCommand
{
    private static readonly DemoSettings _defaults = new();

    private static readonly Option<int> _writes = Number(
        "--writes", 10_000, 1_000_000, _defaults.Writes, "How many writes are acknowledged at least.");

    private static readonly Option<int> _clients = Number(
        "--clients", 1, 1024, _defaults.Clients, "How many clients write at once.");

    private static readonly Option<string?> _data = new("--data")
    {
        Description = "An empty or new directory for the logs, instead of a temporary one.",
        HelpName = "directory",
    };

    private static readonly Option<bool> _keep = new("--keep") { Description = "Leave the logs when the demo is over." };

    private static readonly Option<bool> _json = new("--json") { Description = "Print the figures as one JSON object and nothing else, as -o json does." };

    private static readonly Option<TimeSpan> _timeout = new("--timeout")
    {
        Description = $"How long the demo may take, for instance '90 s'. [default: {Duration.Format(_defaults.Timeout)}]",
        HelpName = "duration",
        CustomParser = ParseDuration,
    };

    public static Command Create()
    {
        var command = new Command(
            "demo",
            "Starts three silos in this process, kills the leader's in the middle of the writing, and proves that no write was lost or applied twice.")
        {
            _writes, _clients, _data, _keep, _json, _timeout,
        };
        command.SetAction((parsed, cancellationToken) =>
        {
            var settings = new DemoSettings
            {
                Writes = parsed.GetValue(_writes),
                Clients = parsed.GetValue(_clients),
                Directory = parsed.GetValue(_data),
                Keep = parsed.GetValue(_keep),
                Timeout = parsed.GetResult(_timeout) is null ? _defaults.Timeout : parsed.GetValue(_timeout),
            };
            var streams = parsed.InvocationConfiguration;
            return Run(settings, parsed.GetValue(_json) || parsed.GetValue(OutputOption.Of) == OutputFormat.Json, streams.Output, streams.Error, cancellationToken);
        });
        return command;
    }

    /// <summary>Runs the demo and returns the exit code: 0 only if everything held.</summary>
    public static async Task<int> Run(DemoSettings settings, bool asJson, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        DemoData data;
        try
        {
            data = DemoData.Create(settings.Directory, settings.Keep);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            await error.WriteLineAsync(failure.Message);
            return ExitCodes.Misused;
        }

        using (data)
        {
            var screen = asJson ? DemoScreen.ForJson(error) : DemoScreen.For(output);
            var run = new DemoRun(settings, data, screen, TimeProvider.System);
            await screen.While(() => run.Run(cancellationToken));
            if (cancellationToken.IsCancellationRequested)
            {
                await error.WriteLineAsync(settings.Keep ? $"Stopped. The data are in {data.Path}." : "Stopped; the data are removed.");
                return ExitCodes.Interrupted;
            }

            if (asJson)
            {
                await output.WriteLineAsync(run.Figures.ToJson());
            }
            else
            {
                DemoTable.Write(output, run.Figures);
            }

            return run.Figures.Held ? 0 : ExitCodes.Failed;
        }
    }

    private static Option<int> Number(string name, int least, int most, int usual, string description)
    {
        var range = string.Create(CultureInfo.InvariantCulture, $"from {least:N0} to {most:N0}");
        return new Option<int>(name)
        {
            Description = $"{description} A number {range}.",
            HelpName = "number",
            DefaultValueFactory = _ => usual,
            CustomParser = result =>
            {
                var text = result.Tokens.Single().Value;
                if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > most)
                {
                    result.AddError($"{name} is a number {range}, not '{text}'.");
                }

                return number;
            },
        };
    }

    private static TimeSpan ParseDuration(ArgumentResult result)
    {
        try
        {
            var duration = Duration.ParseArgument(result.Tokens.Single().Value);
            if (duration <= TimeSpan.Zero || duration > TimeSpan.FromDays(1))
            {
                result.AddError($"--timeout is more than zero and at most 1 d, not '{result.Tokens.Single().Value}'.");
            }

            return duration;
        }
        catch (FormatException problem)
        {
            result.AddError($"--timeout: {problem.Message}");
            return default;
        }
    }
}
