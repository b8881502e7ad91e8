using System.Runtime.CompilerServices;
using System.Text;

namespace LifeRaft;

/// <summary>
/// Elects one leader among the processes of an application. Who campaigns first leads, until it resigns, or its group has heard nothing of
/// it for its time to live; then the next in the order of their campaigns. Underneath, an election is an exclusive lock of that name.
/// </summary>
public sealed class LeaderElection
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private readonly RaftLocks _locks;
    private readonly LockOptions _options;

    /// <param name="locks">The group that keeps the election, and what keeps this process's leadership alive.</param>
    /// <param name="name">The election: 1 to 512 bytes of UTF-8.</param>
    /// <param name="timeToLive">How long the place is kept for a leader of which nothing is heard, 1 s to 1 h; 15 s by default.</param>
    /// <exception cref="InvalidRequestException">The name or the time to live is out of bounds.</exception>
    public LeaderElection(RaftLocks locks, string name, TimeSpan? timeToLive = null)
    {
        ArgumentNullException.ThrowIfNull(locks);
        LockRules.RequireName(name);
        _locks = locks;
        _options = timeToLive is { } given ? LockOptions.Default with { TimeToLive = given } : LockOptions.Default;
        _options.Require();
        Name = name;
    }

    /// <summary>The election's name.</summary>
    public string Name { get; }

    /// <summary>How long the place is kept for a leader of which nothing is heard.</summary>
    public TimeSpan TimeToLive => _options.TimeToLive;

    /// <summary>Waits until this candidate leads.</summary>
    /// <param name="candidate">What others are to see of who leads: the name of this host, for instance. At most 1024 bytes of UTF-8.</param>
    /// <param name="cancellationToken">Stands down. If it led already, it resigns.</param>
    /// <exception cref="InvalidRequestException">The candidate is too long or no text, or the name is in use as a semaphore.</exception>
    /// <exception cref="GroupUnavailableException">The group did not answer; nobody campaigns here any more. Try again.</exception>
    /// <exception cref="GroupNotFoundException">No silo that runs knows the group: it does not exist, or all silos that keep it are down. Try again, or create it.</exception>
    public async Task<Leadership> Campaign(string candidate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(candidate);
        LockRules.RequireText(candidate, "A candidate");
        return new Leadership(await _locks.Acquire(Name, _options with { Value = Encoding.UTF8.GetBytes(candidate) }, cancellationToken), candidate);
    }

    /// <summary>Who leads now; null for nobody.</summary>
    public async Task<ElectionLeader?> Leader(CancellationToken cancellationToken = default) => LeaderOf(await _locks.Look(Name, cancellationToken));

    /// <summary>
    /// Tells who leads, now and at each change, until it is cancelled; null while nobody does. It goes on through changes of the group's
    /// leader, and never back: each leader it tells of has a larger token than the one before. Leaders who came and went between two looks are not told of.
    /// </summary>
    /// <param name="cancellationToken">Ends it, with an <see cref="OperationCanceledException"/>.</param>
    /// <exception cref="GroupUnavailableException">The group did not answer when it began. Try again.</exception>
    /// <exception cref="GroupNotFoundException">No silo that runs knows the group: it does not exist, or all silos that keep it are down. Observe again.</exception>
    public async IAsyncEnumerable<ElectionLeader?> Observe([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var leader = await Leader(cancellationToken);
        var newest = leader?.Token ?? FencingToken.None;
        while (true)
        {
            yield return leader;
            var next = await Change(leader, cancellationToken);
            while (next == leader || next?.Token < newest)
            {
                await Task.Delay(_pause, _locks.Sender.Time, cancellationToken);
                next = await Change(leader, cancellationToken);
            }

            leader = next;
            newest = leader?.Token ?? newest;
        }
    }

    /// <summary>
    /// Who leads when it may be another than that one. What is awaited may be told by a leader of the group that is none any more, so the
    /// group is asked once more.
    /// </summary>
    private async Task<ElectionLeader?> Change(ElectionLeader? known, CancellationToken cancellationToken)
    {
        await _locks.Sender.AwaitHolder(Name, known?.Token ?? FencingToken.None, cancellationToken);
        while (true)
        {
            try
            {
                return await Leader(cancellationToken);
            }
            catch (Exception failure) when (failure is GroupUnavailableException or OverloadedException)
            {
                await Task.Delay(_pause, _locks.Sender.Time, cancellationToken);
            }
        }
    }

    private static ElectionLeader? LeaderOf(LockState? state) => state?.Holders is [{ Mode: LockMode.Exclusive } holder]
        ? new ElectionLeader(Encoding.UTF8.GetString(holder.Value.Span), holder.Token)
        : null;
}
