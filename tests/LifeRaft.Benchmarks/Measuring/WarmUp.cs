namespace LifeRaft.Benchmarks;

/// <summary>
/// When a system is warm: its rate has stopped rising. Until the runtime has compiled for good what is called most, a request may cost many
/// times what it costs later, and how long that takes depends on what else the machine does; so it is watched, not assumed.
/// </summary>
/// <param name="least">Windows that are run in any case, at least 1.</param>
/// <param name="most">Windows after which it is over in any case.</param>
internal sealed class WarmUp(int least, int most)
{
    /// <summary>How far above the best of all windows before it a window is, as a factor, for the rate to count as rising.</summary>
    public const double Rising = 1.05;

    /// <summary>So many windows in a row that did not rise are the end.</summary>
    public const int FlatWindows = 2;

    /// <summary>Requests under way at once.</summary>
    public const int Clients = 64;

    public static readonly TimeSpan Window = TimeSpan.FromSeconds(1);

    private double _best;
    private int _windows;
    private int _flat;

    public int Least => least;

    public int Most => most;

    public bool IsOver => _windows >= most || (_windows >= least && _flat >= FlatWindows);

    /// <summary>For the first workload of a system that has just started.</summary>
    public static WarmUp OfSystem() => new(least: 8, most: 40);

    /// <summary>For each further workload of a system that is warm: it needs what the first one did not call.</summary>
    public static WarmUp OfWorkload() => new(least: 3, most: 10);

    /// <param name="perSecond">The rate of one more window.</param>
    public void Add(double perSecond)
    {
        _windows++;
        _flat = perSecond > _best * Rising ? 0 : _flat + 1;
        _best = Math.Max(_best, perSecond);
    }

    /// <summary>Runs windows until it is over.</summary>
    /// <param name="workload">What is asked.</param>
    /// <param name="clients">How many requests are under way at once.</param>
    /// <param name="heard">Hears of each window.</param>
    /// <param name="cancellationToken">Ends it between two windows.</param>
    public async Task Run(Workload workload, int clients, Action<string> heard, CancellationToken cancellationToken)
    {
        while (!IsOver)
        {
            cancellationToken.ThrowIfCancellationRequested();
            heard($"{_windows} s, {_best:N0} per second at best");
            Add((await workload.Run(clients, Window)).PerSecond);
        }
    }
}
