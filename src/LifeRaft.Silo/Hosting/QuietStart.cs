namespace LifeRaft.Silo;

/// <summary>
/// A start that fails is said once, by who started the silo. Until the start is over these are silent, each of which would say it again with
/// its stack, and so would a timer of Orleans that still runs when the services of a failed start are gone; and so is Orleans' watchdog, which
/// takes the time since the machine was started for a hang when it looks for the first time.
/// </summary>
internal sealed class QuietStart : IHostedLifecycleService
{
    private static readonly string[] _categories =
        ["Microsoft.Extensions.Hosting.Internal.Host", "Orleans.Runtime.SiloLifecycleSubject", "Orleans.Runtime.Silo", "Orleans.Runtime.MembershipService.MembershipTableManager", "Orleans.Runtime.Watchdog", "Orleans.Grain.InvokeException"];

    private volatile bool _isOver;

    public static void Add(ILoggingBuilder logging, LoggingSettings settings)
    {
        var start = new QuietStart();
        foreach (var category in _categories.Where(category => !settings.LogLevel.ContainsKey(category)))
        {
            logging.AddFilter(category, level => start._isOver && level >= LogLevel.Warning);
        }

        logging.Services.AddHostedService(_ => start);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _isOver = true;
        return Task.CompletedTask;
    }

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
