using Spectre.Console;
using Spectre.Console.Rendering;

namespace LifeRaft.Cli;

/// <summary>The screen of <c>top</c>, until somebody presses <c>q</c>.</summary>
internal sealed class TopScreen(ClusterConnection connection, TimeSpan interval, OutputFormat format, TimeProvider time)
{
    // Lines of a table besides its rows, and of the screen besides its tables.
    private const int FrameLines = 4;
    private const int OtherLines = 3;
    private static readonly TimeSpan _betweenKeys = TimeSpan.FromMilliseconds(50);

    public static IEnumerable<string> Banner(TopSample sample, ClusterVerdict verdict) =>
        [verdict.Banner[0], $"{Figures.PerSecond(sample.AllCommitsPerSecond)} commits/s", .. verdict.Banner.Skip(1)];

    public async Task Run(IAnsiConsole console, CancellationToken cancellationToken)
    {
        var operations = connection.Operations();
        var before = await operations.Look(cancellationToken);
        await console.Live(Draw(console, new TopSample(before, before))).AutoClear(false).Overflow(VerticalOverflow.Crop).StartAsync(async live =>
        {
            while (!await IsEnded(cancellationToken))
            {
                try
                {
                    var now = await operations.Look(cancellationToken);
                    live.UpdateTarget(Draw(console, new TopSample(before, now)));
                    before = now;
                }
                catch (ClusterUnreachableException lost)
                {
                    live.UpdateTarget(new Rows(new Markup($"[bold red]{Markup.Escape(lost.Message)}[/]"), new Text($"Last seen at {before.At.ToLocalTime():HH:mm:ss}; trying on. q ends it.")));
                }
            }
        });
    }

    private Rows Draw(IAnsiConsole console, TopSample sample)
    {
        var verdict = ClusterVerdict.Of(sample.Now);
        var lines = Banner(sample, verdict).Concat(verdict.Problems.Select(problem => $"problem: {problem}")).ToList();
        var silos = SiloRow.All(sample.Now);
        var room = Math.Max(1, console.Profile.Height - lines.Count - silos.Count - (2 * FrameLines) - OtherLines);
        var shown = sample.Now.Groups.Take(room).ToList();
        var more = sample.Now.Groups.Count - shown.Count;
        var rest = more > 0 ? $"and {Figures.Count(more, "more group")}; " : "";
        return new Rows(
        [
            new Markup($"[bold {HealthWords.ColourOf(verdict.Health)}]{Markup.Escape(lines[0])}[/]"),
            .. lines.Skip(1).Select(line => (IRenderable)new Text(line)),
            SiloRow.Listing().Draw(format, silos),
            sample.Listing().Draw(format, shown),
            new Markup($"[grey]{rest}{sample.Now.At.ToLocalTime():HH:mm:ss}, every {Markup.Escape(Duration.Format(interval))}; q ends it[/]"),
        ]);
    }

    /// <summary>Waits for the next look; true if somebody has pressed <c>q</c> before.</summary>
    private async Task<bool> IsEnded(CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        while (time.GetElapsedTime(begun) < interval)
        {
            while (!Console.IsInputRedirected && Console.KeyAvailable)
            {
                if (Console.ReadKey(intercept: true).KeyChar is 'q' or 'Q')
                {
                    return true;
                }
            }

            await Task.Delay(_betweenKeys, time, cancellationToken);
        }

        return false;
    }
}
