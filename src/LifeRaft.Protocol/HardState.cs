namespace LifeRaft.Protocol;

/// <summary>
/// The promises of a node to its group: the newest term it has seen and whom it voted for in it. One atomic record: a crash
/// between the two would allow a second vote (Raft paper, Figure 2, "Persistent state").
/// </summary>
/// <param name="Term">The newest term that the node has seen.</param>
/// <param name="VotedFor">The member that got this node's vote in that term, or <see cref="MemberId.None"/>.</param>
public readonly record struct HardState(Term Term, MemberId VotedFor);

/// <summary>Who a node is: the group it belongs to and the membership under which it was admitted.</summary>
/// <param name="Group">The founding of the group.</param>
/// <param name="Member">The node's own membership.</param>
public readonly record struct NodeIdentity(GroupId Group, MemberId Member)
{
    /// <summary>A node that belongs to no group: it votes for nobody, campaigns never and accepts no entries.</summary>
    public static NodeIdentity Blank => default;

    /// <summary>Whether the node belongs to no group.</summary>
    public bool IsBlank => Group.IsNone;
}
