namespace LifeRaft;

/// <summary>Looks, while a change of members is waited for, how far the member is that comes.</summary>
internal sealed class CatchUpWatch(RaftCluster cluster, GroupName group, string address, TimeProvider time)
{
    private static readonly TimeSpan _between = TimeSpan.FromMilliseconds(500);

    /// <summary>What was seen last; null when it votes, and as long as no leader says anything of it.</summary>
    public CatchUp? Seen { get; private set; }

    /// <summary>Looks until it is cancelled. A change that is quick costs no look.</summary>
    public async Task Run(IProgress<CatchUp>? progress, CancellationToken cancellationToken)
    {
        while (true)
        {
            await Task.Delay(_between, time, cancellationToken);
            await Look(progress, cancellationToken);
        }
    }

    public async Task Look(IProgress<CatchUp>? progress, CancellationToken cancellationToken)
    {
        try
        {
            var report = await cluster.Look(group.ToString(), cancellationToken);
            var leader = report.Members.FirstOrDefault(member => member.Address == report.Leader)?.Node;
            if (leader is not null && report.Members.FirstOrDefault(member => member.Address == address) is { Peer: { } peer } coming)
            {
                Seen = coming.IsVoter ? null : new CatchUp(address, peer.Match, leader.Last, peer.Snapshot);
                progress?.Report(new CatchUp(address, peer.Match, leader.Last, peer.Snapshot));
            }
        }
        catch (RaftException)
        {
            // No silo could be asked now: what was seen before stands.
        }
    }
}
