using LifeRaft.Protocol;
using Orleans.Runtime.Messaging;

namespace LifeRaft;

/// <summary>
/// Finds the leader of a group and stays with it. A refusal is followed to where it points, or repeated after a pause; anything that
/// may have been carried out is repeated only when the caller says that it does no harm. What must not be repeated is sent only to a node
/// that has said that it leads: sent to one that has vanished, its outcome would be unknown.
/// </summary>
internal sealed partial class LeaderRoute(IGrainFactory grains, GroupName group, TimeProvider time, Func<Task<GroupSurvey>>? locate = null)
{
    /// <summary>How long one node is waited for where the request may be repeated: it may stand still while the group goes on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(15);
    private static readonly TimeSpan _suspicion = TimeSpan.FromSeconds(1);

    /// <summary>A locator gives up silos that do not answer after 2 s. It may be its own silo, or the gateway to it, that has vanished.</summary>
    private static readonly TimeSpan _surveyPatience = TimeSpan.FromSeconds(3);

    private IReadOnlyList<GrainId> _known = [];

    // Requests of one handle run side by side, so it is read and written whole. Null: not known.
    private volatile Known? _leader;

    // The leader of the last survey, until it is asked.
    private volatile Known? _surveyed;
    private int _next;
    private int _rounds;
    private Outcome _lastOutcome;
    private Suspect? _suspect;

    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    public async Task<NodeStatus> Look(CancellationToken cancellationToken)
    {
        NodeStatus? found = null;
        await Ask(
            async node =>
            {
                var status = await node.Look();
                found = status.State == RaftState.Leader ? status : null;
                return Leads(status);
            },
            mayRepeat: true,
            Timeout,
            Patience,
            cancellationToken);
        return found ?? throw new GroupUnavailableException($"No leader of {group} answered within {Timeout.TotalSeconds:0.#} s. Try again, or look at the silos.");
    }

    public Task<Reply> Ask(Func<IRaftRequests, ValueTask<Reply>> request, bool mayRepeat, CancellationToken cancellationToken) =>
        Ask(request, mayRepeat, isWatched: false, Timeout, Timeout, cancellationToken);

    /// <summary>Sends a command that must not be sent twice, and waits for the answer as long as one is to be expected.</summary>
    public Task<Reply> Send(Func<IRaftRequests, ValueTask<Reply>> command, CancellationToken cancellationToken) =>
        Ask(command, mayRepeat: false, isWatched: true, Timeout, Timeout, cancellationToken);

    /// <param name="request">What is asked.</param>
    /// <param name="mayRepeat">Whether it does no harm if it is carried out more than once.</param>
    /// <param name="timeout">How long it may take in all.</param>
    /// <param name="patience">
    /// How long to wait for one node before the outcome there is unknown; twice as long each time, so that a group that is slow is not
    /// made slower by repetitions.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<Reply> Ask(
        Func<IRaftRequests, ValueTask<Reply>> request, bool mayRepeat, TimeSpan timeout, TimeSpan patience, CancellationToken cancellationToken) =>
        Ask(request, mayRepeat, isWatched: false, timeout, patience, cancellationToken);

    private async Task<Reply> Ask(
        Func<IRaftRequests, ValueTask<Reply>> request, bool mayRepeat, bool isWatched, TimeSpan timeout, TimeSpan patience, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var reply = new Reply { Outcome = Outcome.NotLeader };
        Reply? unanswered = null;
        while (true)
        {
            var known = await Target(cancellationToken);
            var target = known.Node;
            var left = timeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                // It took all the time to find somebody to ask. What is not sent has no unknown outcome.
                return unanswered ?? reply;
            }

            if (!mayRepeat && !Leads(known))
            {
                reply = await Confirm(known, left < Patience ? left : Patience, cancellationToken);
                if (Leads(known))
                {
                    continue;
                }
            }
            else
            {
                reply = await Attempt(known, request, left < patience ? left : patience, isWatched, cancellationToken);
            }

            var isFinal = reply.Outcome switch
            {
                Outcome.NotLeader or Outcome.LeadershipMoving or Outcome.ChangeInProgress or Outcome.Stopped => false,
                Outcome.Unknown => !mayRepeat,
                _ => true,
            };
            _lastOutcome = reply.Outcome;
            patience = reply.Outcome == Outcome.Unknown && patience < timeout ? 2 * patience : patience;
            if (reply.Outcome == Outcome.Unknown)
            {
                unanswered = reply;
                Forget(target);
            }

            if (isFinal)
            {
                Answered(known, reply, mayRepeat);
                return reply;
            }

            if (time.GetElapsedTime(started) >= timeout)
            {
                // A refusal says nothing of an earlier attempt, which may yet be carried out.
                return unanswered ?? reply;
            }

            await FollowOrPause(target, reply, cancellationToken);
        }
    }

    /// <summary>Asks the coordinator, which is on the silo at hand, to change something.</summary>
    /// <exception cref="OutcomeUnknownException">It was asked and did not answer in time: the change may have been made.</exception>
    /// <exception cref="GroupUnavailableException">It could not be asked.</exception>
    public Task<T> Coordinate<T>(Func<IRaftCoordinator, Task<T>> request, CancellationToken cancellationToken) =>
        Repeat(() => request(grains.GetGrain<IRaftCoordinator>(group.ToString())), isChange: true, cancellationToken);

    /// <summary>Asks the locator, which is on the silo at hand.</summary>
    public Task<T> Survey<T>(Func<IRaftLocator, Task<T>> request, CancellationToken cancellationToken) =>
        Repeat(() => request(grains.GetGrain<IRaftLocator>(group.ToString())), isChange: false, cancellationToken);

    /// <summary>
    /// What the two do may be repeated, so it is, while a silo that was asked is being replaced. A change may take its time: who waits for
    /// it waits twice as long each time.
    /// </summary>
    private async Task<T> Repeat<T>(Func<Task<T>> request, bool isChange, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        var mayBeMade = false;
        string? said = null;
        for (var patience = _surveyPatience; ; patience = isChange ? 2 * patience : patience)
        {
            var left = Timeout - time.GetElapsedTime(started);
            try
            {
                return await request().WaitAsync(!isChange || patience < left ? patience : left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
            }
            catch (Exception failure) when (failure is OrleansException or IOException or TimeoutException or ConnectionFailedException)
            {
                mayBeMade |= isChange && failure is not ConnectionFailedException;
                said = failure is TimeoutException ? said ?? failure.Message : failure.Message; // What a silo says tells more than its silence.
                if (time.GetElapsedTime(started) >= Timeout)
                {
                    var waited = $"{time.GetElapsedTime(started).TotalSeconds:0.#} s";
                    throw mayBeMade ? new OutcomeUnknownException(
                        $"Whether {group} was changed is unknown: no answer came within {waited} ({said.TrimEnd('.')}), and what was begun goes on. Look with 'liferaft member list {group}', or repeat it: that does no harm.")
                        : new GroupUnavailableException($"No silo could be asked about {group} within {waited}: {failure.Message}");
                }
            }

            await Task.Delay(_pause, time, cancellationToken);
        }
    }

    private async Task<Reply> Attempt(
        Known known, Func<IRaftRequests, ValueTask<Reply>> request, TimeSpan patience, bool isWatched, CancellationToken cancellationToken)
    {
        var (target, sent) = (known.Node, time.GetTimestamp());
        try
        {
            var answer = request(known.Grain);
            if (answer.IsCompletedSuccessfully)
            {
                return answer.Result;
            }

            var pending = answer.AsTask();
            if (!isWatched || patience <= Patience)
            {
                return await pending.WaitAsync(patience, time, cancellationToken);
            }

            try
            {
                return await pending.WaitAsync(Patience, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                return await Watch(target, pending, sent, patience, cancellationToken);
            }
        }
        catch (NodeUnavailableException failure)
        {
            // Its silo is down, or it could not be opened: it has not ended, as one that answers so has.
            return new Reply { Outcome = Outcome.NotLeader, Error = failure.Message };
        }
        catch (TimeoutException)
        {
            return Silent(target, $"no answer came within {patience.TotalSeconds:0.#} s");
        }
        catch (Exception failure) when (failure is OrleansException or IOException or ConnectionFailedException)
        {
            // The silo went away with the request under way: whether it was carried out is not known here.
            return Silent(target, failure.Message.Split('\n')[0].TrimEnd());
        }
    }

    /// <summary>One that may have vanished is not asked again at once, also where others still hold it to be the leader.</summary>
    private Reply Silent(GrainId target, string error)
    {
        _suspect = new Suspect(target, time.GetTimestamp());
        return new Reply { Outcome = Outcome.Unknown, Error = error };
    }

    private void Forget(GrainId target)
    {
        if (_leader?.Node == target)
        {
            _leader = null;
        }
    }

    private bool IsSuspect(GrainId node) => _suspect is { } suspect && suspect.Node == node && time.GetElapsedTime(suspect.Since) < _suspicion;

    private async Task FollowOrPause(GrainId target, Reply reply, CancellationToken cancellationToken)
    {
        if (!reply.Leader.IsDefault && reply.Leader != target && !IsSuspect(reply.Leader))
        {
            _leader = KnownAs(reply.Leader);
            return;
        }

        if (reply.Outcome is not Outcome.ChangeInProgress)
        {
            _leader = null;
        }

        await Task.Delay(_pause, time, cancellationToken);
    }

    private ValueTask<Known> Target(CancellationToken cancellationToken) =>
        _leader is { } leader ? ValueTask.FromResult(leader) : new ValueTask<Known>(NextTarget(cancellationToken));

    private async Task<Known> NextTarget(CancellationToken cancellationToken)
    {
        var known = _known;
        if (_next >= known.Count)
        {
            known = await Relocate(cancellationToken);
        }

        var target = known[_next++ % known.Count];
        if (IsSuspect(target) && known.Count > 1)
        {
            target = known[_next++ % known.Count];
        }

        var chosen = _surveyed is { } surveyed && surveyed.Node == target ? surveyed : KnownAs(target);
        (_leader, _surveyed) = (chosen, null);
        return chosen;
    }

    /// <summary>
    /// When all that are known were tried in vain: they are tried again, for it is mostly the leader that is missing; every fourth time
    /// it is asked where the nodes are, and what is known stays when nobody can say, unless the nodes themselves say that they have ended.
    /// </summary>
    private async Task<IReadOnlyList<GrainId>> Relocate(CancellationToken cancellationToken)
    {
        _next = 0;
        if (_known.Count == 0)
        {
            return await Locate(cancellationToken);
        }

        if (++_rounds % 4 != 0)
        {
            return _known;
        }

        try
        {
            return await Locate(cancellationToken);
        }
        catch (RaftException failure) when (failure is GroupUnavailableException || (failure is GroupNotFoundException && _lastOutcome != Outcome.Stopped))
        {
            return _known;
        }
    }

    /// <summary>Asks where the nodes are.</summary>
    private async Task<IReadOnlyList<GrainId>> Locate(CancellationToken cancellationToken)
    {
        var askedAt = time.GetTimestamp();
        var nodes = await Repeat(Search, isChange: false, cancellationToken);
        // One that was admitted and never got an entry knows of no members: it leads nowhere.
        var members = nodes.Where(node => !node.Group.IsNone && node.Members.Count > 0).ToList();
        if (members.Count == 0)
        {
            throw new GroupNotFoundException($"No running silo knows the group {group}. Create it, correct its name, or start the silos that hold it.");
        }

        var groups = members.Select(node => node.Group).Distinct().ToList();
        if (groups.Count > 1)
        {
            throw new GroupConflictException($"There are {groups.Count} groups named {group}: {string.Join(" and ", groups)}. They never merge; end the nodes of the one that is not wanted.");
        }

        _next = 0;
        var leader = members.Where(node => node.State == RaftState.Leader).MaxBy(node => node.Term.Value);
        _known = [.. members.OrderByDescending(node => node == leader).SelectMany(Grains).Distinct()];
        _surveyed = leader?.Members.FirstOrDefault(member => member.Address == leader.Address) is { } self ? KnownAs(self.Grain, askedAt) : null;
        return _known;
    }

    private async Task<IReadOnlyList<NodeStatus>> Search()
    {
        var survey = await (locate is null ? grains.GetGrain<IRaftLocator>(group.ToString()).Locate() : locate());

        // Nobody knows the group only when everybody was heard: it may lie on a silo that is on its way back. Who knows nodes asks those.
        return survey.Nodes.Count > 0 || survey.Silent.Count == 0 || _known.Count > 0
            ? survey.Nodes
            : throw new TimeoutException($"no silo that answered knows it, and {string.Join(", ", survey.Silent)} did not answer");
    }

    private Known KnownAs(GrainId node, long ledAt = Known.Never) => new(node, grains.GetGrain<IRaftRequests>(node)) { LedAt = ledAt };

    /// <summary>A node, with the reference to its grain: to make one takes longer than a good part of a call.</summary>
    private sealed class Known(GrainId node, IRaftRequests grain)
    {
        public const long Never = long.MinValue;

        public GrainId Node => node;

        public IRaftRequests Grain => grain;

        /// <summary>When it last said, by its answer, that it leads.</summary>
        public long LedAt { get; set; } = Never;
    }

    private sealed record Suspect(GrainId Node, long Since);

    private static IEnumerable<GrainId> Grains(NodeStatus node) => node.Members
        .OrderByDescending(member => member.Address == node.Address)
        .Select(member => member.Grain);
}
