namespace LifeRaft.Simulation;

/// <summary>Bugs that are planted around the production code, to see that a judge finds them. Nothing that ships contains them.</summary>
internal enum PlantedBug
{
    None,

    /// <summary>A restarted node has forgotten for whom it voted in its term (raft-scenarios 1).</summary>
    VoteForgottenAtRestart,

    /// <summary>The disk acknowledges a write before its sync, and a crash loses it (raft-scenarios 16, 17).</summary>
    AnswerBeforeSync,

    /// <summary>The state machine keeps its state over a restart, and the log is applied to it again (raft-scenarios 54).</summary>
    AppliedTwiceAfterRestart,

    /// <summary>A leader answers reads from what it has, without asking whether it still leads (raft-scenarios 50).</summary>
    ReadWithoutRound,

    /// <summary>The acknowledgements of a removed member count for its next membership (raft-scenarios 22).</summary>
    OldMembershipCounts,

    /// <summary>A node that lost its disk goes on under its old membership (raft-scenarios 44).</summary>
    LostDiskUnderOldMembership,

    /// <summary>Nothing here: the bug is in the production code itself, in the copy that LifeRaft.Simulation.Planted compiles.</summary>
    WithinTheCode,
}
