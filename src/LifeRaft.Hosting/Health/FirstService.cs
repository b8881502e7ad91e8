namespace LifeRaft.Hosting;

/// <summary>
/// What a silo owes after each start before it counts as ready for the first time: each node that it holds has served once, and each declared
/// group exists. Who restarts silos one after another and goes on when one is ready takes the majority from no group so. It ends for good
/// when all is done, and without what is ill: else one group that has lost its majority would keep every silo away from its clients.
/// </summary>
internal sealed class FirstService(TimeProvider time)
{
    /// <summary>For a leader, and for the other silos that a declared group needs: many elections, and a silo that starts later.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>For a node that hears its leader: it may be sent a large snapshot first.</summary>
    public static readonly TimeSpan CatchUpPatience = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly HashSet<NodeKey> _served = [];
    private readonly SortedSet<string> _declared = new(StringComparer.Ordinal);
    private long? _since;
    private bool _isOver;

    /// <summary>That group has to exist first.</summary>
    public void Expect(GroupName group)
    {
        lock (_gate)
        {
            _declared.Add(group.ToString());
        }
    }

    /// <summary>That group exists, or was deleted on purpose.</summary>
    public void Settle(GroupName group)
    {
        lock (_gate)
        {
            _declared.Remove(group.ToString());
        }
    }

    /// <summary>What is still waited for, now that the nodes say this of themselves; null from the moment when nothing is. The time runs from the first question.</summary>
    public string? WaitsFor(IReadOnlyCollection<(NodeKey Key, NodeCondition Condition)> nodes)
    {
        lock (_gate)
        {
            if (_isOver)
            {
                return null;
            }

            _served.UnionWith(nodes.Where(node => node.Condition.Problem is null).Select(node => node.Key));
            var open = nodes.Where(node => !_served.Contains(node.Key)).OrderBy(node => node.Key.ToString(), StringComparer.Ordinal).ToList();
            var elapsed = time.GetElapsedTime(_since ??= time.GetTimestamp());
            var isWaiting = (elapsed < Patience && (open.Count > 0 || _declared.Count > 0))
                || (elapsed < CatchUpPatience && open.Any(node => !node.Condition.IsUnfit));
            _isOver = !isWaiting;
            return _isOver ? null
                : open.Count > 0 ? $"{open.Count} of {nodes.Count} nodes have not served since the silo started. {open[0].Key} {open[0].Condition.Problem}."
                : $"{_declared.Count} declared groups do not exist yet: {string.Join(", ", _declared.Take(3))}.";
        }
    }
}
