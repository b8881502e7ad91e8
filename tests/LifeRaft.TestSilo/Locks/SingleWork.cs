using Microsoft.Extensions.Logging;

namespace LifeRaft.TestSilo;

/// <summary>Work that is done on one silo at a time. When it begins and when it is told to stop goes to the standard output, a line each.</summary>
internal sealed class SingleWork(RaftLocks locks, SiloArguments arguments, ILogger<SingleWork> logger)
    : LeaderBackgroundService(locks, LockNames.Work, logger, new LeaderServiceOptions { Candidate = arguments.Name, TimeToLive = TimeSpan.FromSeconds(6) })
{
    protected override async Task ExecuteAsLeaderAsync(Leadership leadership, CancellationToken cancellationToken)
    {
        Report(LockEventKind.Granted, leadership);
        using var told = cancellationToken.Register(() => Report(LockEventKind.Lost, leadership));
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    private static void Report(LockEventKind kind, Leadership leadership) =>
        Console.WriteLine(new LockEvent(kind, leadership.Election, leadership.Candidate, leadership.FencingToken.Value, default, LockEvent.Now));
}
