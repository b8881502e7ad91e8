using System.Diagnostics;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>Hears what happens to a node, in order, within its turns. What it throws stops the node, so it catches what users throw.</summary>
internal interface INodeObserver
{
    /// <summary>Something happened.</summary>
    void Happened(NodeEvent nodeEvent);

    /// <summary>A message has arrived and is handled next.</summary>
    void Arrived(RaftMessage message);

    /// <summary>Heartbeats are about to leave; what is returned travels with them.</summary>
    ReadOnlyMemory<byte> HeartbeatLeaves();

    /// <summary>A command was applied. One that a session repeats is not applied again.</summary>
    /// <param name="entry">The entry that carried it.</param>
    /// <param name="command">The command, as the state machine got it.</param>
    void Applied(LogEntry entry, ReadOnlyMemory<byte> command);

    /// <summary>The state machine threw where time passed; the node goes on, and will let time pass again.</summary>
    void ElapseFailed(Exception failure);

    /// <summary>The state machine could not write a snapshot; the node goes on without.</summary>
    void SnapshotFailed(Exception failure);

    /// <summary>The node is over, or cannot go on.</summary>
    /// <param name="end">Why.</param>
    /// <param name="before">The state before.</param>
    /// <param name="failure">What failed, for <see cref="NodeEnd.Failed"/>.</param>
    void Ended(NodeEnd end, RaftState before, Exception? failure);

    /// <summary>Everything that a turn had to do is done.</summary>
    void TurnEnded();
}

/// <summary>What a pump needs of whoever runs it.</summary>
internal interface IPumpHost
{
    /// <summary>Runs the pump's next turn soon; turns of one pump never overlap.</summary>
    void Schedule(Action turn);

    /// <summary>Calls <see cref="NodePump.Wake"/> after that time, instead of what was set before.</summary>
    void SetTimer(TimeSpan due);
}

/// <summary>A caller who waits for the outcome of a request. Each instance gets exactly one of the calls.</summary>
internal abstract class PumpCaller
{
    /// <summary>When the proposal reached the node, as a timestamp of its clock; negative for what is no proposal.</summary>
    public long ArrivedAt { get; set; } = -1;

    /// <summary>The span of the proposal; null when it has none.</summary>
    public Activity? Activity { get; init; }

    /// <summary>The entry was applied.</summary>
    public abstract void Applied(ReadOnlyMemory<byte> result);

    /// <summary>The entry was applied, and the state machine threw.</summary>
    public abstract void ApplyFailed(Exception failure);

    /// <summary>The request was answered without an entry of its own.</summary>
    public abstract void Answered(Answer answer, IStateMachine machine);

    /// <summary>The turn in which the outcome was told is at its end, so that who waits finds the node between two turns.</summary>
    public virtual void TurnEnded()
    {
    }
}
