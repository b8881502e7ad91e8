using System.Diagnostics.Metrics;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What the nodes of a silo are like at the moment of a collection.</summary>
internal sealed class RaftGauges
{
    private static readonly (RaftState State, string Name)[] _states = [.. Enum.GetValues<RaftState>().Select(state => (state, RaftInstruments.Written(state)))];
    private readonly NodeCensus _census;

    public RaftGauges(RaftInstruments instruments, NodeSessions sessions, TimeProvider time)
    {
        _census = new NodeCensus(sessions, time);
        var meter = instruments.Meter;
        meter.CreateObservableUpDownCounter("liferaft.nodes", States, "{node}", "Nodes of this silo.");
        meter.CreateObservableUpDownCounter("liferaft.groups", Groups, "{group}", "Groups that are led here; summed over all silos, the groups that have a leader.");
        Sum("liferaft.nodes.leaderless", "{node}", "Nodes of this silo that know no leader.", counts => counts.Leaderless);
        Sum("liferaft.nodes.quiet", "{node}", "Nodes of this silo whose groups have nothing to do, so that they send no heartbeats.", counts => counts.Quiet);
        Sum("liferaft.members.silent", "{member}", "Members of groups led here that did not answer within the election timeout.", counts => counts.SilentMembers);
        Worst("liferaft.replication.lag", "{entry}", "Entries that the member that is furthest behind lacks, of all groups led here.", counts => counts.LagMost);
        Sum("liferaft.replication.backlog", "{entry}", "Entries that members lack, of all groups led here together.", counts => counts.LagSum);
        Worst("liferaft.apply.lag", "{entry}", "Committed entries that the node that is furthest behind has not applied.", counts => counts.Unapplied);
        Sum("liferaft.inbox.length", "{input}", "Messages and requests that wait in the inboxes of nodes.", counts => counts.Inbox);
        Worst("liferaft.turn.delay", "s", "For how long the node that waits longest for its turn has waited.", counts => counts.TurnDelay.TotalSeconds);
        Sum("liferaft.reads.waiting", "{read}", "Questions that wait at a leader for an answer that is not there yet.", counts => counts.Waiting);
        Sum("liferaft.requests", "{request}", "Commands and queries that nodes have not answered yet.", counts => counts.Requests);
        Sum("liferaft.requests.size", "By", "What they and the questions that wait hold.", counts => counts.RequestBytes);
        Sum("liferaft.sessions", "{session}", "Client sessions of the groups that are led here.", counts => counts.Sessions);

        void Sum(string name, string unit, string description, Func<NodeCounts, long> value) =>
            meter.CreateObservableUpDownCounter(name, () => Each(value), unit, description);

        void Worst<T>(string name, string unit, string description, Func<NodeCounts, T> value)
            where T : struct => meter.CreateObservableGauge(name, () => Each(value), unit, description);
    }

    /// <summary>How often the nodes were walked over.</summary>
    public int Censuses => _census.Taken;

    private IEnumerable<Measurement<T>> Each<T>(Func<NodeCounts, T> value)
        where T : struct => _census.Look().Select(counts => new Measurement<T>(value(counts.Value), counts.Key.Alone()));

    private IEnumerable<Measurement<long>> States()
    {
        foreach (var (tags, counts) in _census.Look())
        {
            foreach (var (state, name) in _states)
            {
                yield return new(counts.In(state), tags.With("liferaft.state", name));
            }

            yield return new(counts.Failed, tags.With("liferaft.state", "failed"));
        }
    }

    private IEnumerable<Measurement<long>> Groups()
    {
        foreach (var (tags, counts) in _census.Look())
        {
            yield return new(counts.HealthyGroups, tags.With("liferaft.state", "healthy"));
            yield return new(counts.DegradedGroups, tags.With("liferaft.state", "degraded"));
        }
    }
}
