using System.Threading.Channels;
using LifeRaft;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Samples;

/// <summary>Work that must not be done twice at once.</summary>
public sealed class Billing(RaftLocks locks, WorkLog work, LeaderServiceOptions options, ILogger<Billing> logger)
    : LeaderBackgroundService(locks, Election, logger, options)
{
    public const string Election = "billing";

    protected override async Task ExecuteAsLeaderAsync(Leadership leadership, CancellationToken cancellationToken)
    {
        // Whatever the work changes is given the token, and refuses smaller ones than it has seen.
        work.Add(leadership.Candidate, leadership.FencingToken);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}

/// <summary>Who has begun to work, in order.</summary>
public sealed class WorkLog
{
    private readonly Channel<(string Host, FencingToken Token)> _entries = Channel.CreateUnbounded<(string Host, FencingToken Token)>();

    public void Add(string host, FencingToken token) => _entries.Writer.TryWrite((host, token));

    public async Task<(string Host, FencingToken Token)> Next() => await _entries.Reader.ReadAsync();
}
