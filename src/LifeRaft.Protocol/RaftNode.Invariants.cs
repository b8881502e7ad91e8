namespace LifeRaft.Protocol;

/// <summary>
/// What must hold after every step, in release builds too. First what is true of any state, then what is true between one state
/// and the next.
/// </summary>
public sealed partial class RaftNode
{
    private StepSnapshot _before;

    private readonly record struct StepSnapshot(
        HardState HardState, LogIndex Last, LogIndex Commit, LogIndex Applied, bool IsLeader, NodeIdentity Identity);

    private StepSnapshot Snapshot() => new(_hard, _log.Last, _commit, _applied, _role is LeaderRole, _identity);

    private void CheckInvariants()
    {
        CheckState();
        var after = Snapshot();
        CheckTransition(_before, after);
        _before = after;
    }

    private void CheckState()
    {
        Require(_applied <= _handedOut && _handedOut <= _commit, "Only committed entries are applied, in order");
        Require(_commit <= _log.Last, "Nothing beyond the log is committed");
        Require(_log.Base.Index <= (_snapshot?.Index ?? LogIndex.Zero), "What was compacted away is in the snapshot");
        Require((_snapshot?.Index ?? LogIndex.Zero) <= _commit, "Only what is committed is in a snapshot");
        Require(_log.Durable <= _log.Last, "Nothing beyond the log is durable");
        Require(_handedOut <= _log.Durable || _handedOut == LogIndex.Zero, "Only durable entries are applied");
        Require(!IsQuiet || (_commit == _log.Last && _log.Durable == _log.Last), "Only who has everything, committed and durable, is quiet");
        Require(_log.LastTerm <= _hard.Term, "No entry is of a term that this node has not seen");
        Require(!_identity.IsBlank || (_log.Last == LogIndex.Zero && _role is FollowerRole), "A blank node holds no entries and only waits");
        if (_role is LeaderRole leader)
        {
            Require(_log.Matches(leader.FirstOwn, _hard.Term), "A leader's log holds the entry that opened its term");
            Require(!leader.IsQuiet || (!HoldsLease && leader.Reads.Count == 0 && leader.Transfer is null), "A quiet leader holds no lease and owes nothing");
        }
        else if (_role is CandidateRole { IsPreVote: false })
        {
            Require(_hard.VotedFor == _identity.Member, "A candidate has voted for itself");
        }
        else if (_role is FollowerRole follower)
        {
            Require(follower.Verified <= _log.Last, "What was verified against the leader is in the log");
        }
    }

    private void CheckTransition(StepSnapshot before, StepSnapshot after)
    {
        Require(after.HardState.Term >= before.HardState.Term, "The term never decreases");
        Require(
            after.HardState.Term > before.HardState.Term || before.HardState.VotedFor.IsNone || after.HardState.VotedFor == before.HardState.VotedFor,
            "A vote, once given, stays for the term");
        Require(after.Commit >= before.Commit, "The commit index never decreases");
        Require(after.Applied >= before.Applied, "The applied index never decreases");
        Require(
            !before.IsLeader || !after.IsLeader || before.HardState.Term != after.HardState.Term || after.Last >= before.Last,
            "A leader never removes entries from its log (Leader Append-Only)");
        Require(before.Identity.IsBlank || before.Identity == after.Identity || before.Last == LogIndex.Zero, "A node with a log keeps its identity");
    }

    private void Require(bool holds, string invariant)
    {
        if (!holds)
        {
            throw new RaftInvariantException($"Broken: {invariant}. Now {Snapshot()}, durable {_log.Durable}, handed out {_handedOut}, role {_role.GetType().Name}; before {_before}.");
        }
    }
}
