using LifeRaft.Protocol;
using Microsoft.Extensions.Options;

namespace LifeRaft.Hosting;

/// <summary>What a coordinator asks of the one founder of its group.</summary>
[Alias("liferaft.founder")]
internal interface IRaftFounder : IGrainWithStringKey
{
    /// <summary>Founds the group with that node, unless a silo that answers knows it. Whether it was founded.</summary>
    Task<bool> Found(string address, GroupTimings? timings);

    /// <summary>Founds a declared group with its first member, unless it was founded before; or says what has to happen first.</summary>
    Task<DeclaredGroup> FoundDeclared(int members);
}

/// <summary>
/// Founds a group. Changes of a group that exists are put in order by its leader, and so may be asked for anywhere; before there is one,
/// only this grain's turns keep two callers from founding two groups. So it stays in Orleans' directory, which knows at most one of it at
/// almost all times, and pays for that: it cannot be asked while its part of the directory lies on a silo that has vanished, until Orleans
/// counts that silo as dead. That two groups never merge is guaranteed by their ids.
/// </summary>
[GrainType("liferaft-founder")]
[CollectionAgeLimit(Minutes = 2)] // There is one for each group that was asked for, and seldom a second question.
internal sealed class RaftFounderGrain(MachineRegistry machines, RunningSilos silos, IOptions<RaftOptions> options, TimeProvider time) : Grain, IRaftFounder
{
    private GroupName Group => GroupName.Parse(this.GetPrimaryKeyString());

    public async Task<bool> Found(string address, GroupTimings? timings)
    {
        if (SurveyedGroup.Among((await Survey()).Nodes, Group) is not null)
        {
            return false;
        }

        await Begin(address, timings);
        return true;
    }

    public async Task<DeclaredGroup> FoundDeclared(int members)
    {
        var survey = await Survey();
        if (survey.Silent.Count > 0)
        {
            return DeclaredGroup.Unheard(survey);
        }

        if (SurveyedGroup.Among(survey.Nodes, Group) is { } existing)
        {
            return new DeclaredGroup(existing.Group, null);
        }

        var running = MemberChoice.Rank(Group, silos.Names);
        var notes = await Task.WhenAll(running.Select(silo => GrainFactory.GetGrain<IRaftSilo>(silo).Founded(Group.ToString()))).WaitAsync(options.Value.JoinTimeout, time);
        if (notes.FirstOrDefault(note => note.IsDeleted) is { } deleted)
        {
            return new DeclaredGroup(deleted.Group, null) { IsDeleted = true };
        }

        if (notes.FirstOrDefault(note => !note.Group.IsNone) is { } founded)
        {
            return new DeclaredGroup(founded.Group, $"the silos that hold it: it was founded as {founded.Group}, and none of {string.Join(", ", running)} has a node of it. Start them; if their disks are lost for good, create the group anew by hand");
        }

        return running.Count < members
            ? new DeclaredGroup(GroupId.None, $"{members} silos, for as many members; running are {string.Join(", ", running.Order(StringComparer.Ordinal))}")
            : new DeclaredGroup(await Begin(MemberChoice.Addresses(running, [])[0], null), null);
    }

    private Task<GroupSurvey> Survey() => GrainFactory.GetGrain<IRaftLocator>(Group.ToString()).Locate();

    private async Task<GroupId> Begin(string address, GroupTimings? timings)
    {
        var group = new GroupId(Guid.NewGuid());
        var node = GrainFactory.GetGrain<IRaftPeer>(machines.GrainOf(new NodeKey(Group, NodeAddress.Parse(address))));
        await node.Found(group, new MemberId(Guid.NewGuid()), timings).WaitAsync(options.Value.JoinTimeout, time);
        return group;
    }
}
