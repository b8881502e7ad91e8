using System.Diagnostics;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// Measures one node. What is called for every command or message costs a look at <c>Enabled</c> when nobody listens, and allocates
/// nothing when somebody does. All members may be used from any thread.
/// </summary>
internal sealed class NodeMeter(RaftInstruments instruments, NodeTags tags)
{
    private static readonly Dictionary<Outcome, string> _outcomes = Enum.GetValues<Outcome>().ToDictionary(outcome => outcome, outcome => RaftInstruments.Written(outcome));

    public NodeTags Tags => tags;

    /// <summary>A proposal was applied.</summary>
    /// <param name="duration">Since it arrived.</param>
    /// <param name="hasFailed">Whether the state machine threw.</param>
    public void Applied(TimeSpan duration, bool hasFailed)
    {
        CountProposal(hasFailed ? "failed" : "applied");
        if (instruments.CommitDuration.Enabled)
        {
            instruments.CommitDuration.Record(duration.TotalSeconds, tags.Alone());
        }
    }

    /// <summary>A proposal was answered without being applied: refused, or of unknown outcome.</summary>
    public void Answered(Outcome outcome)
    {
        CountProposal(_outcomes[outcome]);
        if (outcome == Outcome.Overloaded)
        {
            Overloaded("uncommitted");
        }
    }

    /// <summary>A request did not even reach the pump.</summary>
    public void Refused(Outcome outcome)
    {
        if (instruments.Proposals.Enabled)
        {
            CountProposal(_outcomes[outcome]);
        }
    }

    /// <summary>A request was refused because too much waited there.</summary>
    public void Overloaded(string queue) => instruments.Overloads.Add(1, tags.With("liferaft.queue", queue));

    /// <summary>A query has arrived.</summary>
    public void Read(ReadConsistency consistency) => Read(consistency == ReadConsistency.Lease ? "lease" : "linearizable");

    /// <summary>A query has arrived.</summary>
    public void Read(string consistency)
    {
        if (instruments.Reads.Enabled)
        {
            instruments.Reads.Add(1, tags.With("liferaft.consistency", consistency));
        }
    }

    /// <summary>Entries were applied.</summary>
    public void EntriesApplied(int count)
    {
        if (instruments.EntriesApplied.Enabled)
        {
            instruments.EntriesApplied.Add(count, tags.Alone());
        }
    }

    /// <summary>A follower has answered.</summary>
    public void RoundTrip(in RoundTrip trip)
    {
        if (instruments.RoundTripDuration.Enabled)
        {
            // Not by machine: it is a matter of two silos.
            instruments.RoundTripDuration.Record(
                trip.Duration.TotalSeconds,
                new KeyValuePair<string, object?>("liferaft.peer", trip.Silo),
                new KeyValuePair<string, object?>("liferaft.message", trip.IsHeartbeat ? "heartbeat" : "append"));
        }
    }

    /// <summary>A part of a snapshot leaves for a follower.</summary>
    public void SnapshotPartLeaves(int bytes) => instruments.SnapshotSent.Add(bytes, tags.Alone());

    /// <summary>A snapshot was written, or one of the leader's loaded.</summary>
    public void Snapshot(string operation, TimeSpan duration) =>
        instruments.SnapshotDuration.Record(duration.TotalSeconds, tags.With("liferaft.snapshot.operation", operation));

    /// <summary>A snapshot could not be written.</summary>
    public void SnapshotFailed() => instruments.Snapshots.Add(1, tags.With("liferaft.outcome", "failed"));

    /// <summary>The node has failed.</summary>
    public void Failed() => instruments.NodeFailures.Add(1, tags.Alone());

    /// <summary>Something happened that is counted.</summary>
    public void Happened(NodeEvent nodeEvent, RaftNode node)
    {
        switch (nodeEvent)
        {
            case HeartbeatTimedOut:
                instruments.HeartbeatTimeouts.Add(1, tags.Alone());
                break;
            case ElectionStarted election:
                instruments.Elections.Add(1, tags.With("liferaft.cause", RaftInstruments.Written(election.Cause)));
                break;
            case StateChanged { New: RaftState.Leader }:
                instruments.LeaderChanges.Add(1, tags.Alone());
                break;
            case LeadershipEnded ended:
                instruments.LeadershipEnds.Add(1, tags.With("liferaft.cause", RaftInstruments.Written(ended.Cause)));
                break;
            case MemberJoined when node.State == RaftState.Leader:
                instruments.MembershipChanges.Add(1, tags.With("liferaft.change", "joined"));
                break;
            case MemberLeft when node.State == RaftState.Leader:
                instruments.MembershipChanges.Add(1, tags.With("liferaft.change", "left"));
                break;
            case Protocol.SnapshotInForce taken:
                CountSnapshot("taken", taken.Snapshot);
                break;
            case SnapshotInstalled installed:
                CountSnapshot("installed", installed.Snapshot);
                break;
            case SnapshotOffered:
                instruments.Snapshots.Add(1, tags.With("liferaft.outcome", "offered"));
                break;
            default:
                break; // Of each message.
        }
    }

    private void CountProposal(string outcome)
    {
        if (instruments.Proposals.Enabled)
        {
            instruments.Proposals.Add(1, tags.With("liferaft.outcome", outcome));
        }
    }

    private void CountSnapshot(string outcome, SnapshotHeader snapshot)
    {
        instruments.Snapshots.Add(1, tags.With("liferaft.outcome", outcome));
        instruments.SnapshotSize.Record(snapshot.Bytes, tags.With("liferaft.outcome", outcome));
    }
}
