using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>
/// What a leader counts when it commits is true: an entry that it believes to be durable at a member lies on that member's disk.
/// A belief that is wrong may do no harm for long; this judge does not wait for the harm.
/// </summary>
internal sealed class BeliefJudge(World world)
{
    /// <summary>Looking at every turn would cost more than the turns.</summary>
    private const int TurnsBetweenLooks = 8;
    private int _turns;

    public void TurnEnded(Activation activation)
    {
        if (++_turns % TurnsBetweenLooks != 0 || activation.Node.State != RaftState.Leader)
        {
            return;
        }

        var log = activation.Log.HandedOver;
        foreach (var follower in activation.Node.Status().Followers)
        {
            var index = follower.Match.Value;
            if (index == 0 || index > log.Count || world.LostMembers.Contains(follower.Member.Id))
            {
                continue;
            }

            // A member that has seen a newer term may have given the entry up since: this leader is deposed, and commits nothing more.
            var host = world.HostOf(follower.Member.Endpoint);
            var isBound = host.Disk.Identity.Member == follower.Member.Id && host.Disk.Term <= activation.Node.Term;
            if (isBound && !host.Disk.Holds(follower.Match, log[(int)index - 1].Term))
            {
                world.Judges.Break("acknowledgements are true", $"{activation.Host} believes that {follower.Member} holds entry {index}, but the disk of {host} ends at {host.Disk.Last} or holds another one");
            }
        }
    }
}
