using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>Something that the protocol is to be told.</summary>
internal abstract class PumpInput
{
    /// <summary>For the <see cref="PumpInbox"/> that it lies in.</summary>
    public PumpInput? Neighbour { get; set; }

    /// <summary>Whether it lies in one.</summary>
    public bool IsInInbox { get; set; }

    public abstract void Feed(RaftNode node, TimeSpan now);
}

/// <summary>A message from a peer, or from whoever waits for its answer.</summary>
internal sealed class MessageArrived(string from, RaftMessage message, TaskCompletionSource<RaftMessage>? answer = null) : PumpInput
{
    public string From => from;

    public RaftMessage Message { get; set; } = message;

    public TaskCompletionSource<RaftMessage>? Answer => answer;

    public override void Feed(RaftNode node, TimeSpan now) => node.Step(Message, now);
}

/// <summary>A write is durable.</summary>
internal sealed class WriteCompleted(long batch) : PumpInput
{
    public override void Feed(RaftNode node, TimeSpan now) => node.Persisted(batch, now);
}

/// <summary>Entries were read.</summary>
internal sealed class ReadCompleted(LogRead read, IReadOnlyList<LogEntry> entries) : PumpInput
{
    public override void Feed(RaftNode node, TimeSpan now) => node.EntriesRead(read, entries, now);
}

/// <summary>The disk, or the state machine, failed: the node cannot keep what it promised and stops.</summary>
internal sealed class NodeFailed(string message, Exception failure) : PumpInput
{
    public override void Feed(RaftNode node, TimeSpan now) => throw new NodeStoppedException(message, failure);
}

/// <summary>A request of a user or a silo.</summary>
internal sealed class NodeRequest(Action<RaftNode, TimeSpan> feed) : PumpInput
{
    public override void Feed(RaftNode node, TimeSpan now) => feed(node, now);
}

/// <summary>What is stamped with the group's clock when it is proposed.</summary>
internal abstract class Proposal(PumpCaller caller) : PumpInput
{
    public PumpCaller Caller => caller;

    /// <summary>What the group's clock shows, set before it is fed.</summary>
    public TimeSpan Stamp { get; set; }
}

/// <summary>What a client's session asks for. It is the leader's own clock that says when.</summary>
internal sealed class SessionRequestArrived(SessionRequest request, PumpCaller caller, long unixMilliseconds) : Proposal(caller)
{
    public override void Feed(RaftNode node, TimeSpan now) => node.ProposeInSession(Caller, request.Encode(now), unixMilliseconds, now, Stamp);
}

/// <summary>A command of a user.</summary>
internal sealed class CommandArrived(ReadOnlyMemory<byte> command, PumpCaller caller, long unixMilliseconds) : Proposal(caller)
{
    public override void Feed(RaftNode node, TimeSpan now) => node.Propose(Caller, command.Span, unixMilliseconds, now, Stamp);
}
