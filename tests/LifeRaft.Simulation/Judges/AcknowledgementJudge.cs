using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>
/// What a client was told is done lies durably on a majority of disks when it is told, and on the disk of every member when all
/// has healed.
/// </summary>
internal sealed class AcknowledgementJudge(World world, ApplyJudge applied)
{
    private readonly List<RegisterCommand> _acknowledged = [];

    public void Acknowledged(Activation leader, RegisterCommand command)
    {
        if (applied.IndexOf(command.Id) is not { } index)
        {
            world.Judges.Break("durability", $"command {command.Id} was acknowledged, but no node has applied it");
            return;
        }

        _acknowledged.Add(command);
        var configuration = leader.Node.Configuration;

        // While voters change, the entry may have been committed before the change began: the old majority is good enough.
        // And a leader that stood still meanwhile may know only members that were replaced: then it lies with those who came after them.
        var holds = IsHeldBy(configuration.Voters, index) || (configuration.IsJoint && IsHeldBy(configuration.Outgoing, index))
            || (applied.Configuration is { } newest && IsHeldBy(newest.Voters, index) && (!newest.IsJoint || IsHeldBy(newest.Outgoing, index)));
        if (!holds)
        {
            world.Judges.Break("durability", $"{leader.Host} acknowledged entry {index}, which lies on no majority of the disks of {configuration}");
        }
    }

    public void Finished()
    {
        foreach (var command in _acknowledged)
        {
            var index = applied.IndexOf(command.Id)!.Value;
            foreach (var host in world.Members())
            {
                if (!Holds(host, index))
                {
                    world.Judges.Break("durability", $"command {command.Id} was acknowledged, but entry {index} is not on the disk of {host}");
                    return;
                }
            }
        }
    }

    private bool IsHeldBy(IReadOnlyCollection<Member> voters, long index)
    {
        var holders = voters.Count(voter =>
            world.LostMembers.Contains(voter.Id) || (HostOf(voter.Id) is { } host && Holds(host, index)));
        return 2 * holders > voters.Count;
    }

    private Host? HostOf(MemberId member) => world.Hosts.FirstOrDefault(host => host.Disk.Identity.Member == member);

    private bool Holds(Host host, long index) =>
        host.Disk.Holds(new LogIndex(index), new Term(applied.TermAt(index)));
}
