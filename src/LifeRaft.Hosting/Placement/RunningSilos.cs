namespace LifeRaft.Hosting;

/// <summary>
/// The silos that Orleans' membership holds to be running, by name. A hint that a silo can be reached, never a proof: Raft decides by
/// its own heartbeats.
/// </summary>
internal sealed class RunningSilos(IClusterMembershipService membership, TimeProvider time)
{
    private static readonly TimeSpan _between = TimeSpan.FromSeconds(1);
    private volatile Snapshot _snapshot = new(MembershipVersion.MinValue, []);
    private long _doubtedAt;

    public IReadOnlyCollection<string> Names => Current().Keys;

    public SiloAddress? Find(string name)
    {
        var found = Current().GetValueOrDefault(name);
        if (found is null)
        {
            Doubt();
        }

        return found;
    }

    /// <summary>
    /// What is known may be old: a peer does not answer, or is not listed. Orleans tells of a silo that starts by gossip, and a silo
    /// that misses it reads the table again only after a minute; so it is read now, and at most once a second.
    /// </summary>
    public void Doubt()
    {
        var before = Interlocked.Read(ref _doubtedAt);
        var now = time.GetTimestamp();
        if ((before == 0 || time.GetElapsedTime(before, now) >= _between) && Interlocked.CompareExchange(ref _doubtedAt, now, before) == before)
        {
            membership.Refresh().AsTask().Ignore();
        }
    }

    private Dictionary<string, SiloAddress> Current()
    {
        var current = membership.CurrentSnapshot;
        var known = _snapshot;
        if (current.Version == known.Version)
        {
            return known.ByName;
        }

        // A restarted silo can be listed beside its dead predecessor; where two of one name run, the younger one is meant.
        var byName = new Dictionary<string, SiloAddress>();
        foreach (var member in current.Members.Values.Where(member => member.Status == SiloStatus.Active).OrderBy(member => member.SiloAddress.Generation))
        {
            byName[member.Name] = member.SiloAddress;
        }

        _snapshot = new Snapshot(current.Version, byName);
        return byName;
    }

    private sealed record Snapshot(MembershipVersion Version, Dictionary<string, SiloAddress> ByName);
}
