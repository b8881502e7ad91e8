using System.Diagnostics;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// Notes in the spans of proposals how far they are: in the log, on the leader's disk, committed, applied. Most proposals have no span,
/// and cost nothing here. All members are used within turns.
/// </summary>
internal sealed class ProposalTraces
{
    private readonly List<Traced> _open = [];

    /// <summary>Feeds a proposal that has a span.</summary>
    public void Feed(Proposal proposal, RaftNode node, TimeSpan now)
    {
        var activity = proposal.Caller.Activity!;
        activity.SetTag("liferaft.term", node.Term.Value);
        var before = node.Status().Last;
        proposal.Feed(node, now);
        var last = node.Status().Last;
        if (last > before)
        {
            activity.SetTag("liferaft.index", last.Value);
            _open.Add(new Traced(last, activity));
        }
    }

    /// <summary>A write begins.</summary>
    public void Writes(PersistBatch batch)
    {
        foreach (var traced in _open)
        {
            if (batch.Entries.Count > 0 && batch.Entries[0].Index <= traced.Index && traced.Index <= batch.Entries[^1].Index)
            {
                traced.Activity.AddEvent(new ActivityEvent("append"));
            }
        }
    }

    /// <summary>The node may be further than before.</summary>
    public void Look(RaftNode node)
    {
        if (_open.Count == 0)
        {
            return;
        }

        var durable = node.Status().Durable;
        foreach (var traced in _open)
        {
            if (!traced.IsSynced && durable >= traced.Index)
            {
                traced.IsSynced = true;
                traced.Activity.AddEvent(new ActivityEvent("sync"));
            }

            if (!traced.IsCommitted && node.Commit >= traced.Index)
            {
                traced.IsCommitted = true;
                traced.Activity.AddEvent(new ActivityEvent("commit"));
            }
        }
    }

    /// <summary>The proposal was applied.</summary>
    public void Applied(Activity activity, Exception? failure)
    {
        activity.AddEvent(new ActivityEvent("apply"));
        if (failure is not null)
        {
            activity.Notes(failure);
        }

        End(activity);
    }

    /// <summary>The proposal was refused, or its outcome is unknown.</summary>
    public void Answered(Activity activity, Outcome outcome)
    {
        activity.Refuse(outcome);
        End(activity);
    }

    private void End(Activity activity)
    {
        activity.Dispose();
        _open.RemoveAll(traced => traced.Activity == activity);
    }

    private sealed class Traced(LogIndex index, Activity activity)
    {
        public LogIndex Index => index;

        public Activity Activity => activity;

        public bool IsSynced { get; set; }

        public bool IsCommitted { get; set; }
    }
}
