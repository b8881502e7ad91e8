using LifeRaft.Protocol;

namespace LifeRaft.Cli;

/// <summary>What a member is, in a word.</summary>
internal static class MemberRole
{
    public const string Silent = "silent";

    public static string Of(GroupMember member) => member switch
    {
        { Node: null } => Silent,
        { Node.State: RaftState.Stopped } => "stopped",
        { Node.State: RaftState.Leader } => "leader",
        { IsVoter: false } => "learner",
        { Node.State: RaftState.Candidate } => "candidate",
        _ => "follower",
    };

    /// <summary>A colour of Spectre.Console, or null for none.</summary>
    public static string? ColourOf(GroupMember member) => Of(member) switch
    {
        "leader" => "green",
        "candidate" => "yellow",
        Silent or "stopped" => "red",
        _ => null,
    };
}
