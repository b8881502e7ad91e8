using System.Diagnostics;
using System.Globalization;
using Spectre.Console;

namespace LifeRaft.Cli;

/// <summary>
/// Shows how the demo goes on: one line for each thing that is done, with the time since the start, and in a terminal what is going on
/// now below it. A pipe gets the same lines and no control codes.
/// </summary>
internal sealed class DemoScreen
{
    private static readonly TimeSpan _betweenLines = TimeSpan.FromSeconds(2);

    private readonly IAnsiConsole? _console;
    private readonly bool _isLive;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private StatusContext? _status;
    private TimeSpan _lastLine;

    private DemoScreen(IAnsiConsole? console, bool isLive) => (_console, _isLive) = (console, isLive);

    /// <summary>A screen that writes there.</summary>
    public static DemoScreen For(TextWriter output)
    {
        var isLive = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;
        return new DemoScreen(ConsoleOn(output, isLive), isLive);
    }

    /// <summary>A screen beside a JSON object on the standard output: shown to a person, silent where nobody looks.</summary>
    public static DemoScreen ForJson(TextWriter error)
    {
        var isLive = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;
        return new DemoScreen(isLive ? ConsoleOn(error, isLive) : null, isLive);
    }

    /// <summary>A console for that writer: with colours only if it is a terminal that has them.</summary>
    public static IAnsiConsole ConsoleOn(TextWriter writer, bool isTerminal) => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
        ColorSystem = isTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        Out = new AnsiConsoleOutput(writer),
    });

    /// <summary>Shows what is going on for as long as that takes.</summary>
    public Task While(Func<Task> work) =>
        _isLive && _console is { Profile.Capabilities: { Ansi: true, Interactive: true } } console
            ? console.Status().Spinner(Spinner.Known.Line).StartAsync("Starting", context =>
            {
                _status = context;
                return work();
            })
            : work();

    /// <summary>Something is done.</summary>
    public void Done(string what)
    {
        _lastLine = _clock.Elapsed;
        _console?.MarkupLineInterpolated($"[grey]{Elapsed(_lastLine)}[/]  {what}");
    }

    /// <summary>Something is going on.</summary>
    public void Now(string what)
    {
        if (_status is not null)
        {
            _status.Status(Markup.Escape(what));
        }
        else if (_clock.Elapsed - _lastLine >= _betweenLines)
        {
            Done($"... {what}");
        }
    }

    private static string Elapsed(TimeSpan elapsed) => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds,6:0.0} s");
}
