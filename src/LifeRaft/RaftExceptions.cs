namespace LifeRaft;

/// <summary>
/// Something that LifeRaft could not do. Each kind tells the caller what to do next; all of them mean that nothing was done, but
/// <see cref="OutcomeUnknownException"/> (it may have been), <see cref="CommandFailedException"/> and
/// <see cref="ResultForgottenException"/> (it was).
/// </summary>
[GenerateSerializer]
public abstract class RaftException : Exception
{
    /// <summary>Says what happened and what to do next.</summary>
    protected RaftException(string message)
        : base(message)
    {
    }
}

/// <summary>
/// It is not known whether the command was, or will be, applied: leadership was lost, or the answer did not arrive in time. What to
/// do: find out by reading, or repeat only what may happen twice. From a <see cref="RaftSession"/>: repeat <see cref="Pending"/>, which
/// cannot happen twice.
/// </summary>
[GenerateSerializer]
public sealed class OutcomeUnknownException(string message) : RaftException(message)
{
    /// <summary>The command, if it is one of a session that can still tell what became of it; null otherwise, and after travelling between processes.</summary>
    [field: NonSerialized]
    public PendingCommand? Pending { get; internal init; }
}

/// <summary>The command was applied, and the state machine threw. The message is the machine's. What to do: ask otherwise.</summary>
[GenerateSerializer]
public sealed class CommandFailedException(string message) : RaftException(message);

/// <summary>
/// The session has ended: nothing was heard of its client for the session's timeout, more sessions were opened than the group
/// remembers, or it was closed. Nothing was done. What to do: open another one, and begin anew what has no answer yet.
/// </summary>
[GenerateSerializer]
public sealed class SessionExpiredException(string message) : RaftException(message);

/// <summary>
/// The command was applied, once, and the group no longer remembers the result: the results of the session took too many bytes. What to
/// do: read what you need to know; the silos' option MaximumSessionResultBytes says how much is remembered.
/// </summary>
[GenerateSerializer]
public sealed class ResultForgottenException(string message) : RaftException(message);

/// <summary>The node does not lead, and was told not to forward. What to do: ask the leader.</summary>
[GenerateSerializer]
public sealed class NotLeaderException(string message, string? leader) : RaftException(message)
{
    /// <summary>The address of the leader, if one is known.</summary>
    [Id(0)]
    public string? Leader { get; } = leader;
}

/// <summary>No silo answered. Nothing is known of the groups. What to do: try again, connect to another silo, or look at the silos.</summary>
[GenerateSerializer]
public sealed class ClusterUnreachableException(string message) : RaftException(message);

/// <summary>Too much is waiting. Nothing was done. What to do: try later, and less at once.</summary>
[GenerateSerializer]
public sealed class OverloadedException(string message) : RaftException(message);

/// <summary>The request is malformed or breaks a limit; the message says how. Nothing was done. What to do: correct it.</summary>
[GenerateSerializer]
public sealed class InvalidRequestException(string message) : RaftException(message);

/// <summary>No leader could be reached in time. Nothing was done. What to do: try later, or look at the silos.</summary>
[GenerateSerializer]
public sealed class GroupUnavailableException(string message) : RaftException(message);

/// <summary>No silo knows the group. What to do: create it, or correct its name.</summary>
[GenerateSerializer]
public sealed class GroupNotFoundException(string message) : RaftException(message);

/// <summary>
/// Two different groups have this name, and groups never merge. What to do: delete the one that is not wanted; the message names both.
/// </summary>
[GenerateSerializer]
public sealed class GroupConflictException(string message) : RaftException(message);

/// <summary>The membership cannot change so; the message says why. Nothing was done.</summary>
[GenerateSerializer]
public sealed class MembershipException(string message) : RaftException(message);

/// <summary>The silo on which the node lives is not running, so the node is unavailable. What to do: start the silo.</summary>
[GenerateSerializer]
public sealed class NodeUnavailableException(string message) : RaftException(message);
