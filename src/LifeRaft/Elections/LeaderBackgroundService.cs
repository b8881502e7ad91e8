using System.Text;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LifeRaft;

/// <summary>
/// A hosted service that works on one host at a time: register it on every host, and <see cref="ExecuteAsLeaderAsync"/> runs where the election
/// is won. When that host stops or dies, or cannot be heard for the time to live, another one takes over.
/// </summary>
/// <remarks>
/// The work is cancelled <see cref="LeaderServiceOptions.StopWithin"/> before another host could lead, by this host's own clock: so it is
/// over there before it begins elsewhere, if it stops within that time and the process does not stand still in the middle of it. Against
/// that last case only what the work writes to can help: give it the fencing token.
/// </remarks>
public abstract partial class LeaderBackgroundService : BackgroundService
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);
    private readonly LeaderElection _election;
    private readonly LeaderServiceOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    /// <param name="locks">The group that keeps the election; see <c>AddRaftLocks</c>.</param>
    /// <param name="election">The election's name: all hosts that share it take turns.</param>
    /// <param name="logger">Where leadership, its loss and failures are logged.</param>
    /// <param name="options">How it is elected and cancelled.</param>
    /// <exception cref="InvalidRequestException">The name or an option is out of bounds.</exception>
    protected LeaderBackgroundService(RaftLocks locks, string election, ILogger logger, LeaderServiceOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(locks);
        ArgumentNullException.ThrowIfNull(logger);
        _options = options ?? new LeaderServiceOptions();
        _options.Require();
        ArgumentNullException.ThrowIfNull(_options.Candidate, nameof(options));
        LockRules.RequireText(_options.Candidate, "A candidate");
        LockRules.RequireValue(Encoding.UTF8.GetByteCount(_options.Candidate));
        _election = new LeaderElection(locks, election, _options.TimeToLive);
        _time = locks.Sender.Time;
        _logger = logger;
    }

    /// <summary>
    /// Does the work, as long as this host leads. Returning ends the service on this host: another one takes its turn. An exception
    /// ends it too, as it does that of any <see cref="BackgroundService"/>, after another host was let in.
    /// </summary>
    /// <param name="leadership">What was won. Give its <see cref="Leadership.FencingToken"/> to whatever the work changes.</param>
    /// <param name="cancellationToken">Cancelled in good time before another host can lead, and when this one stops. Then return, or throw an <see cref="OperationCanceledException"/>.</param>
    protected abstract Task ExecuteAsLeaderAsync(Leadership leadership, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        for (var isDone = false; !isDone && !stoppingToken.IsCancellationRequested;)
        {
            if (await Campaign(stoppingToken) is { } leadership)
            {
                await using (leadership)
                {
                    LogLeading(_election.Name, _options.Candidate, leadership.FencingToken);
                    isDone = await Lead(leadership, stoppingToken);
                }
            }
        }
    }

    /// <summary>Waits until this host leads; null when the group cannot be asked for the moment.</summary>
    private async Task<Leadership?> Campaign(CancellationToken stoppingToken)
    {
        try
        {
            return await _election.Campaign(_options.Candidate, stoppingToken);
        }
        catch (Exception failure) when (failure is OrleansException or (RaftException and not InvalidRequestException))
        {
            // There is no such group yet, say, or the silos are on their way up.
            LogCannotCampaign(_election.Name, failure.Message);
            await Task.Delay(_pause, _time, stoppingToken);
            return null;
        }
    }

    /// <summary>Works until it is done, which is true, or leadership must be given back.</summary>
    private async Task<bool> Lead(Leadership leadership, CancellationToken stoppingToken)
    {
        await using var notice = new LeadershipNotice(leadership, _options.Grace, _time, stoppingToken);
        try
        {
            await ExecuteAsLeaderAsync(leadership, notice.Token);
            return !notice.Token.IsCancellationRequested;
        }
        catch (OperationCanceledException) when (notice.Token.IsCancellationRequested)
        {
            return false;
        }
        finally
        {
            if (notice.IsLosing)
            {
                LogLosing(_election.Name);
            }

            if (!leadership.IsLeader)
            {
                LogOverrun(_election.Name, _options.Grace);
            }
        }
    }
}
