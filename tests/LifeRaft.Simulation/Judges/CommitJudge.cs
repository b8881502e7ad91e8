using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>
/// A leader's commit index goes up to entries of its own term only; those before are committed with them (Raft paper, 5.4.2, Figure 8).
/// What an older entry that is committed by counting does harm to shows late, if at all.
/// </summary>
internal sealed class CommitJudge(World world)
{
    public void TurnEnded(Activation activation)
    {
        var node = activation.Node;
        var (ledTerm, seen) = activation.SeenCommit;
        activation.SeenCommit = (node.State == RaftState.Leader ? node.Term.Value : 0, node.Commit.Value);

        // One that was elected in this turn may have learned of commits as a follower before.
        var log = activation.Log.HandedOver;
        var isOwnCommit = node.State == RaftState.Leader && ledTerm == node.Term.Value && node.Commit.Value > seen && node.Commit.Value <= log.Count;
        if (isOwnCommit && log[(int)node.Commit.Value - 1] is var entry && entry.Term != node.Term)
        {
            world.Judges.Break("older terms are not committed by counting", $"{activation.Host} leads term {node.Term} and commits up to {entry}");
        }
    }
}
