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
    private static readonly TimeSpan _betweenLooks = TimeSpan.FromMilliseconds(100);

    // Where nothing can be drawn over, a step that takes long says so this often.
    private static readonly TimeSpan _betweenLines = TimeSpan.FromSeconds(5);

    private readonly IAnsiConsole? _console;
    private readonly bool _isLive;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Lock _lock = new();
    private StatusContext? _status;
    private TimeSpan _lastLine;
    private volatile Func<string> _now = () => "Starting";

    private DemoScreen(IAnsiConsole? console, bool isTerminal)
    {
        _console = console;
        _isLive = isTerminal && console is { Profile.Capabilities: { Ansi: true, Interactive: true } };
    }

    /// <summary>A screen that writes there.</summary>
    public static DemoScreen For(TextWriter output)
    {
        var isTerminal = Terminal.Is(output);
        return new DemoScreen(Terminal.ConsoleOn(output), isTerminal);
    }

    /// <summary>A screen beside a JSON object on the standard output: shown to a person, silent where nobody looks.</summary>
    public static DemoScreen ForJson(TextWriter error)
    {
        var isTerminal = Terminal.Is(error);
        return new DemoScreen(isTerminal ? Terminal.ConsoleOn(error) : null, isTerminal);
    }

    /// <summary>Shows what is going on for as long as the work takes.</summary>
    public Task While(Func<Task> work) => _isLive
        ? _console!.Status().Spinner(Spinner.Known.Line).StartAsync(_now(), status =>
        {
            _status = status;
            return WhileTicking(work);
        })
        : WhileTicking(work);

    public void Title(string what)
    {
        lock (_lock)
        {
            _console?.MarkupLineInterpolated($"[bold]{what}[/]");
        }
    }

    /// <summary>Something is done.</summary>
    public void Done(string what)
    {
        lock (_lock)
        {
            _lastLine = _clock.Elapsed;
            _console?.MarkupLineInterpolated($"[grey]{_lastLine.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture),6} s[/]  {what}");
        }
    }

    /// <summary>Something is going on from now on; asked again and again what it is.</summary>
    public void Now(Func<string> what) => _now = what;

    private async Task WhileTicking(Func<Task> work)
    {
        using var timer = new PeriodicTimer(_betweenLooks);
        var ticking = Tick(timer);
        try
        {
            await work();
        }
        finally
        {
            timer.Dispose();
            await ticking;
        }
    }

    private async Task Tick(PeriodicTimer timer)
    {
        while (await timer.WaitForNextTickAsync())
        {
            lock (_lock)
            {
                if (_status is not null)
                {
                    _status.Status(Markup.Escape(_now()));
                }
                else if (_clock.Elapsed - _lastLine >= _betweenLines)
                {
                    Done($"... {_now()}");
                }
            }
        }
    }
}
