using LifeRaft.Protocol;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Runtime.Messaging;

namespace LifeRaft.Hosting;

/// <summary>
/// Changes who belongs to one group, on the silo at hand; others may be doing the same on theirs. Nothing rests on its turns: a node gives
/// the same membership to all who admit it, the leader lets one change follow the other and refuses voters that are one too many, and
/// what is repeated is done once. Only a founding, which no leader can put in order, goes through the one founder.
/// </summary>
[GrainType("liferaft-coordinator")]
[CollectionAgeLimit(Minutes = 2)] // There is one for each group that was asked for, and seldom a second question.
// As with the locator: Orleans asks its directory for stateless workers, too.
[GrainDirectory(NoDirectory.Name)]
[StatelessWorker(1)]
[Reentrant]
internal sealed partial class RaftCoordinatorGrain(
    MachineRegistry machines, RunningSilos silos, IOptions<RaftOptions> options, TimeProvider time, IHostApplicationLifetime lifetime)
    : Grain, IRaftCoordinator, IIncomingGrainCallFilter
{
    /// <summary>
    /// A founding takes a survey, which waits 2 s for silos that do not answer, and one write. One that takes longer goes on, and who asks
    /// again finds it done; so the answer comes early enough for callers to hear what is wrong within their deadlines.
    /// </summary>
    private static readonly TimeSpan _founderPatience = TimeSpan.FromSeconds(3);

    private GroupName Group => GroupName.Parse(this.GetPrimaryKeyString());

    /// <summary>To replace a member removes one.</summary>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod.Name == nameof(IRaftCoordinator.Replace))
        {
            OutsideCallers.Refuse(context, Group, options.Value);
        }

        return context.Invoke();
    }

    public async Task<IReadOnlyList<MemberStatus>> Create(IReadOnlyList<string> addresses, GroupTimings? timings)
    {
        var wanted = addresses.Select(address => NodeAddress.Parse(address).ToString()).Distinct().Order(StringComparer.Ordinal).ToList();
        RequireCreatable(wanted, timings);
        var existing = await Existing();
        if (existing is null && !await Found(wanted[0], timings))
        {
            existing = await Leader();
        }

        if (existing is not null && existing.Members.Any(member => !wanted.Contains(member.Address)))
        {
            var members = existing.Members.Select(member => member.Address).Order(StringComparer.Ordinal);
            throw new GroupConflictException($"{Group} exists already (id {existing.Group}) with the members {string.Join(", ", members)}. Join the others to it, or delete it first.");
        }

        return await AfterAChange(async () =>
        {
            foreach (var address in wanted)
            {
                await Admit(address, mostVoters: wanted.Count);
            }

            return (await Leader()).Members;
        });
    }

    public async Task<JoinResult> Join(string? member, string address)
    {
        var addresses = new[] { member, address }.OfType<string>().Distinct().Order(StringComparer.Ordinal).ToList();
        RequireCreatable(addresses, null);
        var existing = await Existing();
        if (existing is null && member == address)
        {
            throw new MembershipException($"{address} belongs to no group and was asked to join itself: nothing changed. Create the group, or join another node.");
        }

        var isNew = existing is null && await Found(addresses[0], null);
        JoinResult? result = null;
        foreach (var joining in addresses)
        {
            var joined = isNew ? await AfterAChange(() => Admit(joining)) : await Admit(joining);
            isNew |= joined.IsNew;
            result = joining == address ? joined : result;
        }

        await AgreeOn(addresses);
        return result! with { IsNew = isNew };
    }

    public async Task<JoinResult> AddVoter(string address)
    {
        RequireCreatable([address], null);
        var joined = await Admit(address); // Which looks for the leader first, and finds none where there is no group.
        await AgreeOn([address]);
        return joined;
    }

    public Task<JoinResult> AddLearner(string address)
    {
        RequireCreatable([address], null);
        return Admit(address, isVoter: false);
    }

    public async Task<JoinResult> Replace(string replaced, string address)
    {
        RequireCreatable([address], null);
        var leader = await Leader();
        var goes = leader.Members.FirstOrDefault(member => member.Address == replaced);
        var comes = leader.Members.FirstOrDefault(member => member.Address == address);
        if (goes is null && comes is { IsVoter: true })
        {
            return new JoinResult(comes, IsNew: false);
        }

        if (goes is null || replaced == address)
        {
            throw new MembershipException(goes is null
                ? $"{Group} has no member {replaced} to replace; its members are {string.Join(", ", leader.Members.Select(member => member.Address))}."
                : $"{replaced} cannot take its own place. If its disk was lost, let it join again.");
        }

        if (goes.IsVoter && comes is { IsVoter: true })
        {
            throw new MembershipException($"{address} votes in {Group} already, so it cannot take the place of {replaced}; nothing was done. Remove {replaced} instead: liferaft member remove {Group} {replaced}");
        }

        var id = await AdmitInPlaceOf(goes, address, leader);
        await AgreeOn([address]);
        return new JoinResult(new MemberStatus(address, id, IsVoter: true, machines.GrainOf(KeyOf(address))), IsNew: true);
    }

    private void RequireCreatable(List<string> addresses, GroupTimings? timings)
    {
        if (addresses.Count == 0)
        {
            throw new InvalidRequestException($"{Group} cannot be founded without members. Name at least one address, for instance '1@silo-a'.");
        }

        if (timings?.Problems().ToList() is { Count: > 0 } problems)
        {
            throw new InvalidRequestException($"{Group} cannot run at this pace: {string.Join(" ", problems)}");
        }

        foreach (var address in addresses)
        {
            machines.GrainOf(KeyOf(address)); // Says which machine is missing.
            var silo = NodeAddress.Parse(address).Silo;
            if (silos.Find(silo) is null)
            {
                throw new NodeUnavailableException($"{address} lives on silo '{silo}', which is not running; nothing was done. Running are: {string.Join(", ", silos.Names.Order(StringComparer.Ordinal))}.");
            }
        }
    }

    /// <summary>A member's view of the group, if any silo that can be asked knows the group.</summary>
    private async Task<NodeStatus?> Existing() =>
        SurveyedGroup.Among((await GrainFactory.GetGrain<IRaftLocator>(Group.ToString()).Locate()).Nodes, Group);

    /// <summary>Whether it was founded here; false when others have done so since it was looked for.</summary>
    private Task<bool> Found(string address, GroupTimings? timings) => Founding(founder => founder.Found(address, timings));

    private async Task<T> Founding<T>(Func<IRaftFounder, Task<T>> request)
    {
        try
        {
            return await UntilStopped(stopping => request(GrainFactory.GetGrain<IRaftFounder>(Group.ToString())).WaitAsync(_founderPatience, time, stopping));
        }
        catch (Exception failure) when (failure is TimeoutException or ConnectionFailedException or SiloUnavailableException or OrleansMessageRejectionException)
        {
            throw new OrleansException($"{Group} could not be founded yet: the silo by which its founding goes has vanished, or is slow, and still counts as running. Start it, or wait until Orleans counts it as dead", failure);
        }
    }

    /// <summary>
    /// Makes the node a member, whatever it was: a voter stays, a learner is promoted if it is to vote, a blank node gets a new membership.
    /// The leader is looked at before the node: what it lists was durable there before, so a node that says otherwise has lost it.
    /// </summary>
    private async Task<JoinResult> Admit(string address, bool isVoter = true, int mostVoters = int.MaxValue)
    {
        var grain = machines.GrainOf(KeyOf(address));
        var leader = await Leader();
        var node = await Requests(grain).Look();
        var listed = leader.Members.FirstOrDefault(member => member.Address == address);
        if (!node.Group.IsNone && node.State != RaftState.Stopped && node.Group != leader.Group)
        {
            throw new GroupConflictException($"{address} belongs to group {node.Group}, but {Group} is group {leader.Group}. Groups never merge: end the node first, then join it.");
        }

        if (listed is not null && listed.IsVoter == isVoter && node.Member == listed.Id)
        {
            return new JoinResult(listed, IsNew: false);
        }

        if (listed is { IsVoter: true } && !isVoter)
        {
            throw new MembershipException($"{address} is a voter of {Group} already. Remove it and add it again if it is to be a learner.");
        }

        var removed = MemberId.None;
        if (listed is not null && node.Member != listed.Id)
        {
            // The disk was lost: what that membership promised is forgotten, so it ends, and a new one begins.
            await Change(requests => requests.RemoveMember(listed.Id), $"Removing the former membership {listed.Id} of {address}");
            removed = listed.Id;
        }

        var (id, reply) = await AskFor(address, leader.Group, removed, listed is null ? node.Member : MemberId.None, (given, requests) => requests.AddMember(given, address, grain, isVoter, mostVoters));
        await RequireAdmitted(reply, address, mostVoters);
        return new JoinResult(new MemberStatus(address, id, isVoter, grain), IsNew: true);
    }

    /// <summary>The id under which the new node is a member in the place of the other.</summary>
    private async Task<MemberId> AdmitInPlaceOf(MemberStatus replaced, string address, NodeStatus leader, int mostVoters = int.MaxValue)
    {
        var grain = machines.GrainOf(KeyOf(address));
        var node = await Requests(grain).Look();
        if (!node.Group.IsNone && node.State != RaftState.Stopped && node.Group != leader.Group)
        {
            throw new GroupConflictException($"{address} is member {node.Member} of group {node.Group} already, so it cannot take the place of {replaced.Address}. End it first.");
        }

        var leftBehind = leader.Members.All(member => member.Address != address) ? node.Member : MemberId.None;
        var (id, reply) = await AskFor(address, leader.Group, MemberId.None, leftBehind, (given, requests) => requests.ReplaceMember(replaced.Id, given, address, grain, mostVoters));
        await RequireAdmitted(reply, address, mostVoters);
        return id;
    }

    /// <summary>
    /// Gives the node a membership, or takes the one that it has, and asks the leader for it. One that the node was left with by an
    /// admission which the group has taken back since is given up for a new one.
    /// </summary>
    private async Task<(MemberId Id, Reply Reply)> AskFor(string address, GroupId group, MemberId removed, MemberId leftBehind, Func<MemberId, IRaftRequests, ValueTask<Reply>> request)
    {
        var id = await Give(removed);
        var reply = await Ask(requests => request(id, requests));
        if (reply.Outcome == Outcome.UnknownMember && id == leftBehind)
        {
            id = await Give(removed: id);
            reply = await Ask(requests => request(id, requests));
        }

        return (id, reply);

        Task<MemberId> Give(MemberId removed) => UntilStopped(stopping => Peer(address).Admit(group, removed).WaitAsync(options.Value.JoinTimeout, time, stopping));
    }

    private async Task RequireAdmitted(Reply reply, string address, int mostVoters)
    {
        if (reply.Outcome == Outcome.TooManyVoters)
        {
            throw new GroupConflictException($"{address} was not admitted: {Group} is to have {mostVoters} voters, and others were chosen at the same time. Its members are {string.Join(", ", (await Leader()).Members.Select(member => member.Address))}; remove one that you do not want, or one that cannot come back: liferaft member remove {Group} NODE");
        }

        RaftGroup.Succeeded(reply, $"Admitting {address} to {Group}");
    }

    /// <summary>Once Join returns, both nodes know that both vote.</summary>
    private async Task AgreeOn(List<string> addresses) => await AfterAChange(async () =>
    {
        var members = (await Leader()).Members.Where(member => addresses.Contains(member.Address)).Select(member => member.Id).ToList();
        var known = Task.WhenAll(addresses.Select(address => Peer(address).AwaitVoters(members)));
        return await UntilStopped(async stopping =>
        {
            await known.WaitAsync(options.Value.JoinTimeout, time, stopping);
            return true;
        });
    });

    /// <summary>That no leader is found after something was changed does not mean that nothing was done.</summary>
    private async Task<T> AfterAChange<T>(Func<Task<T>> rest)
    {
        try
        {
            return await rest();
        }
        catch (GroupUnavailableException failure)
        {
            throw new OutcomeUnknownException($"{Group} may have been changed in part: {failure.Message} Look with 'liferaft member list {Group}', or repeat it: that does no harm.");
        }
    }

    private Task<NodeStatus> Leader() => UntilStopped(stopping => Route().Look(stopping));

    private async Task Change(Func<IRaftRequests, ValueTask<Reply>> request, string what) => RaftGroup.Succeeded(await Ask(request), what);

    private Task<Reply> Ask(Func<IRaftRequests, ValueTask<Reply>> request) => UntilStopped(stopping => Route().Ask(request, mayRepeat: true, stopping));

    /// <summary>
    /// A silo that is being stopped waits for its grains' turns, and finds no other silo's nodes any more: who waits for a leader here
    /// would hold it up. The caller may repeat the call, which another silo answers.
    /// </summary>
    private async Task<T> UntilStopped<T>(Func<CancellationToken, Task<T>> work)
    {
        try
        {
            return await work(lifetime.ApplicationStopping);
        }
        catch (OperationCanceledException) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new OrleansException($"The silo that coordinates {Group} is being stopped. Repeat the call.");
        }
    }

    private LeaderRoute Route() => new(GrainFactory, Group, time) { Timeout = options.Value.JoinTimeout };

    private NodeKey KeyOf(string address) => new(Group, NodeAddress.Parse(address));

    private IRaftPeer Peer(string address) => GrainFactory.GetGrain<IRaftPeer>(machines.GrainOf(KeyOf(address)));

    private IRaftRequests Requests(GrainId grain) => GrainFactory.GetGrain<IRaftRequests>(grain);
}
