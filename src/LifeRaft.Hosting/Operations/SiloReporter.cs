using System.Reflection;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>Puts together what this silo says of itself to operators.</summary>
internal sealed class SiloReporter(SiloRaft silo, SiloJournal journal, ILocalSiloDetails details, IEnumerable<SystemGroup> membership)
{
    private static readonly string _version = typeof(SiloReporter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";
    private static readonly TimeSpan _hour = TimeSpan.FromHours(1);

    /// <summary>A node that takes no turn within this hangs, and is reported as such.</summary>
    private static readonly TimeSpan _patience = TimeSpan.FromMilliseconds(400);

    /// <param name="only">The group that is asked for, with all details; null for all groups.</param>
    public async Task<SiloReport> Report(GroupName? only)
    {
        var now = silo.Time.GetUtcNow();
        var elections = journal.ElectionsSince(now - _hour);
        var keys = silo.Store.ListNodes(only is null ? "" : $"{only}/")
            .Select(name => NodeKey.TryParse(name, out var key) ? key : (NodeKey?)null)
            .OfType<NodeKey>()
            .Where(key => only is null || key.Group == only)
            .OrderBy(key => key.ToString(), StringComparer.Ordinal);
        var nodes = await Task.WhenAll(keys.Select(key => Report(key, only is not null)));
        var voting = membership.SingleOrDefault(); // None where the membership is kept elsewhere.
        var stopped = silo.Store.Stopped;
        var syncs = silo.SyncDurations?.Figures() ?? default;
        return new SiloReport
        {
            Name = silo.Name,
            Address = details.SiloAddress.ToString(),
            At = now,
            Started = journal.Started,
            Version = _version,
            IsActive = silo.Phase == SiloPhase.Active,
            IsDrained = silo.IsDrained,
            Log = silo.Store.Description,
            StartCount = silo.Store.StartCount,
            LogFailure = stopped.IsCompletedSuccessfully ? stopped.Result.Message : null,
            SyncP50 = syncs.Count == 0 ? null : syncs.Median,
            SyncP99 = syncs.Count == 0 ? null : syncs.Percentile99,
            Running = [.. silo.RunningSilos.Names.Order(StringComparer.Ordinal)],
            Nodes = [.. nodes.Select(node => elections.TryGetValue((node.Group, node.Address), out var count) ? node with { ElectionsInLastHour = count } : node)],
            MembershipVoters = voting?.Voters ?? [],
            VotesOnMembership = voting is not null && await voting.Votes(_patience),
        };
    }

    private async Task<NodeReport> Report(NodeKey key, bool isDetailed)
    {
        if (silo.Sessions.Find(key) is not { } session)
        {
            return Unfit(key, "is held by the log store and does not run; the silo's log says why");
        }

        if (session.Pump.IsOver)
        {
            return Unfit(key, session.Failure is { } failure ? $"has failed: {failure.Message}" : "has ended");
        }

        var seen = new TaskCompletionSource<NodeReport>(TaskCreationOptions.RunContinuationsAsynchronously);
        session.Pump.Post(new NodeRequest((node, now) => seen.TrySetResult(Report(session, node, now, isDetailed))));
        try
        {
            return await seen.Task.WaitAsync(_patience, silo.Time);
        }
        catch (TimeoutException)
        {
            return Unfit(key, $"took no turn within {Duration.Format(_patience)}");
        }
    }

    private static NodeReport Unfit(NodeKey key, string problem) => new()
    {
        Group = key.Group.ToString(),
        Address = key.Address.ToString(),
        State = RaftState.Stopped,
        Problem = problem,
        IsUnfit = true,
    };

    private NodeReport Report(NodeSession session, RaftNode node, TimeSpan now, bool isDetailed)
    {
        var status = node.Status();
        var condition = NodeCondition.Of(node, now);
        var commits = status.State == RaftState.Leader ? session.Pump.CommitDurations.Figures() : default;
        var saysMembers = isDetailed || status.State == RaftState.Leader || status.Leader.IsNone;
        return new NodeReport
        {
            Group = session.Key.Group.ToString(),
            Address = session.Key.Address.ToString(),
            GroupId = status.Identity.Group,
            Member = status.Identity.Member,
            State = status.State,
            Term = status.Term,
            Leader = status.Configuration.Find(status.Leader)?.Address ?? "",
            LeaderSince = session.Journal.LeaderSince,
            Last = status.Last,
            Commit = status.Commit,
            Applied = status.Applied,
            Snapshot = node.LatestSnapshot?.Index ?? LogIndex.Zero,
            LogBase = node.LogBase.Index,
            LastContact = status.State == RaftState.Leader || now - status.LeaderHeardAt is not { } silence ? null
                : status.IsQuiet && status.Configuration.Find(status.Leader) is { } leader ? SinceHeard(leader, silence) : silence,
            ElectionDue = status.ElectionDeadline is { } due ? due > now ? due - now : TimeSpan.Zero : null,
            ElectionTimeout = status.ElectionTimeout,
            Members = saysMembers ? session.Members() : [],
            Peers = [.. status.Followers.Select(follower => Report(follower, session.Pump.RoundTrips, status, now))],
            CommitP50 = commits.Count == 0 ? null : commits.Median,
            CommitP99 = commits.Count == 0 ? null : commits.Percentile99,
            Problem = condition.Problem,
            IsUnfit = condition.IsUnfit,
            Pending = session.Pump.Pending,
            IsVoter = status.Configuration.IsVoter(status.Identity.Member),
            IsQuiet = status.IsQuiet,
            Terms = isDetailed ? [.. status.TermStarts.Select(start => new TermRun(start.Term, start.First))] : [],
        };
    }

    /// <summary>While a node is quiet, its silo hears the peer's silo for it.</summary>
    /// <param name="peer">The peer.</param>
    /// <param name="silence">For how long the node itself has not heard it.</param>
    private TimeSpan SinceHeard(Member peer, TimeSpan silence) =>
        silo.Links.SinceHeard(SiloLink.SiloOf(peer.Endpoint)) is { } ofSilo && ofSilo < silence ? ofSilo : silence;

    private PeerReport Report(FollowerStatus follower, RoundTrips roundTrips, RaftStatus status, TimeSpan now)
    {
        var figures = roundTrips.Of(follower.Member.Id)?.Figures() ?? default;
        return new PeerReport
        {
            Address = follower.Member.Address,
            Match = follower.Match,
            Lag = status.Last - follower.Match,
            IsReachable = follower.IsReachable,
            LastContact = status.IsQuiet && follower.IsReachable ? SinceHeard(follower.Member, now - follower.LastHeard) : now - follower.LastHeard,
            RoundTrip = figures.Count == 0 ? null : figures.Latest,
            RoundTripP99 = figures.Count == 0 ? null : figures.Percentile99,
            Refusal = follower.Refusal?.ToString(),
            Snapshot = follower.Snapshot,
        };
    }
}
