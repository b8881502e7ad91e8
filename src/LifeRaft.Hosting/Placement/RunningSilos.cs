namespace LifeRaft.Hosting;

/// <summary>
/// The silos that Orleans' membership holds to be running, by name. A hint that a silo can be reached, never a proof: Raft decides by
/// its own heartbeats.
/// </summary>
internal sealed class RunningSilos(IClusterMembershipService membership)
{
    private volatile Snapshot _snapshot = new(MembershipVersion.MinValue, []);

    public IReadOnlyCollection<string> Names => Current().Keys;

    public SiloAddress? Find(string name) => Current().GetValueOrDefault(name);

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
