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

    /// <summary>The same, and whether it sends and awaits no heartbeats because there is nothing to do.</summary>
    public static string WithQuiet(GroupMember member) => member.Node is { IsQuiet: true } ? $"{Of(member)}, quiet" : Of(member);

    /// <summary>A colour of Spectre.Console, or null for none.</summary>
    public static string? ColourOf(GroupMember member) => Of(member) switch
    {
        "leader" => "green",
        "candidate" => "yellow",
        Silent or "stopped" => "red",
        _ => null,
    };
}
