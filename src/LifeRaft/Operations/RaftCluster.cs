using Orleans.Runtime.Messaging;

namespace LifeRaft;

/// <summary>
/// What an operator sees of all silos and groups, and what he does with them. It asks the silos themselves and waits for none of them
/// longer than <see cref="Patience"/>: a report with a silo missing comes as soon as one with all of them.
/// </summary>
public sealed class RaftCluster
{
    private const int MovesAtATime = 8;

    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;

    internal RaftCluster(IGrainFactory grains, TimeProvider time) => (_grains, _time) = (grains, time);

    /// <summary>How long a silo may take to answer before the report is made without it; 700 ms by default.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromMilliseconds(700);

    /// <summary>How long the silo that is asked may take in all, on top of <see cref="Patience"/>; 5 s by default.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(5);

    private IRaftOperations Operations => _grains.GetGrain<IRaftOperations>(0);

    /// <summary>All silos and groups.</summary>
    /// <exception cref="ClusterUnreachableException">The silo that this client is connected to did not answer.</exception>
    public async Task<ClusterReport> Look(CancellationToken cancellationToken = default) => Read(await Ask(silos => silos.Report(null, Patience), cancellationToken));

    /// <summary>One group, with everything that its nodes say of themselves.</summary>
    /// <param name="group">The group's name, <c>{machine}/{name}</c>.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="GroupNotFoundException">No silo that answered knows it.</exception>
    /// <exception cref="ClusterUnreachableException">The silo that this client is connected to did not answer.</exception>
    public async Task<GroupReport> Look(string group, CancellationToken cancellationToken = default)
    {
        var name = GroupName.Parse(group).ToString();
        var report = Read(await Ask(silos => silos.Report(name, Patience), cancellationToken));
        return report.Groups is [var found, ..] ? found : throw new GroupNotFoundException(
            $"No silo that answered knows the group {name}{(report.Silent.Count == 0 ? "" : $" ({string.Join(", ", report.Silent.Select(silo => silo.Name))} did not answer)")}. Create it, correct its name, or start the silos that hold it.");
    }

    /// <summary>What happened on the silos after a position; what a silo that does not answer remembers comes with a later page.</summary>
    /// <param name="after">Where to begin: <see cref="JournalPosition.Start"/>, or where the last page ended.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClusterUnreachableException">The silo that this client is connected to did not answer.</exception>
    public Task<JournalPage> Journal(JournalPosition after, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(after);
        return Ask(silos => silos.Journal(after, Patience), cancellationToken);
    }

    /// <summary>
    /// Asks a silo to lead nothing: it hands over what it leads, and whenever it is elected it hands over again. It goes on voting and
    /// replicating. It lasts until <see cref="Resume"/> or the silo's end. Repeated, it changes nothing.
    /// </summary>
    /// <param name="silo">The silo's name.</param>
    /// <param name="cancellationToken">Gives up waiting; what was begun goes on.</param>
    /// <returns>The groups that the silo still leads, because no other voter could take over in time; empty when all went well.</returns>
    /// <exception cref="NodeUnavailableException">No such silo runs.</exception>
    /// <exception cref="OutcomeUnknownException">It was asked for and not answered in time: it may have been done.</exception>
    public Task<IReadOnlyList<string>> Drain(string silo, CancellationToken cancellationToken = default) =>
        Change(silos => silos.Drain(silo, isDrained: true), $"Whether {silo} was drained", TimeSpan.FromMinutes(1), cancellationToken);

    /// <summary>Lets a silo lead again after <see cref="Drain"/>.</summary>
    /// <param name="silo">The silo's name.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="NodeUnavailableException">No such silo runs.</exception>
    /// <exception cref="OutcomeUnknownException">It was asked for and not answered in time: it may have been done.</exception>
    public Task Resume(string silo, CancellationToken cancellationToken = default) =>
        Change(silos => silos.Drain(silo, isDrained: false), $"Whether {silo} may lead again", Timeout, cancellationToken);

    /// <summary>The moves of leadership after which leaders are spread evenly over the silos that can lead; none when they are.</summary>
    /// <param name="report">What the silos said.</param>
    public static IReadOnlyList<LeaderMove> PlanRebalance(ClusterReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return LeaderBalance.Plan(report);
    }

    /// <summary>
    /// Carries out moves of leadership, a few at a time. A move that fails, for instance because the leader has changed, is told of and
    /// hinders none of the others. Where silos have different priorities (the option <c>LeaderPriority</c>), leaders wander back.
    /// </summary>
    /// <param name="moves">What <see cref="PlanRebalance"/> returned.</param>
    /// <param name="done">Is told of each move as it ends; null for nobody.</param>
    /// <param name="cancellationToken">Begins no further move.</param>
    public async Task<IReadOnlyList<LeaderMoveResult>> Rebalance(
        IReadOnlyList<LeaderMove> moves, IProgress<LeaderMoveResult>? done = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(moves);
        var results = new LeaderMoveResult[moves.Count];
        await Parallel.ForAsync(0, moves.Count, new ParallelOptions { MaxDegreeOfParallelism = MovesAtATime, CancellationToken = cancellationToken }, async (index, token) =>
        {
            results[index] = await Move(moves[index], token);
            done?.Report(results[index]);
        });
        return results;
    }

    private async Task<LeaderMoveResult> Move(LeaderMove move, CancellationToken cancellationToken)
    {
        try
        {
            await new RaftGroup(_grains, GroupName.Parse(move.Group), _time) { Timeout = Timeout }.TransferLeadership(move.To, cancellationToken);
            return new LeaderMoveResult(move, null);
        }
        catch (RaftException failure)
        {
            return new LeaderMoveResult(move, failure.Message);
        }
    }

    private static ClusterReport Read(ClusterAnswer answer) => new(answer.At, answer.Silos, answer.Silent);

    /// <summary>What was sent and not answered may have been done.</summary>
    private async Task<T> Change<T>(Func<IRaftOperations, Task<T>> request, string what, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            return await request(Operations).WaitAsync(Patience + timeout, _time, cancellationToken);
        }
        catch (ConnectionFailedException failure)
        {
            throw Unreachable(failure);
        }
        catch (Exception failure) when (failure is TimeoutException or IOException or OrleansException)
        {
            throw new OutcomeUnknownException($"{what} is unknown: no answer came ({failure.Message.TrimEnd('.')}), and what was begun goes on. Look with 'liferaft silo list', or repeat it: that does no harm.");
        }
    }

    private async Task<T> Ask<T>(Func<IRaftOperations, Task<T>> request, CancellationToken cancellationToken)
    {
        try
        {
            return await request(Operations).WaitAsync(Patience + Timeout, _time, cancellationToken);
        }
        catch (Exception failure) when (failure is TimeoutException or IOException or OrleansException or ConnectionFailedException)
        {
            throw Unreachable(failure);
        }
    }

    private static ClusterUnreachableException Unreachable(Exception failure) =>
        new($"The silo that this client is connected to gave no answer: {failure.Message} Try again, or connect to another one.");
}
