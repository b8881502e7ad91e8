namespace LifeRaft.Hosting;

/// <summary>
/// The names of the nodes that a store holds, in order: a silo that holds thousands is asked for those of one group each time that group is
/// looked for. Used from any thread.
/// </summary>
internal sealed class NodeNames
{
    private readonly Lock _lock = new();
    private readonly SortedSet<string> _names = new(StringComparer.Ordinal);

    public void Add(string name)
    {
        lock (_lock)
        {
            _names.Add(name);
        }
    }

    public void Remove(string name)
    {
        lock (_lock)
        {
            _names.Remove(name);
        }
    }

    /// <summary>Those that begin so.</summary>
    public IReadOnlyCollection<string> StartingWith(string prefix)
    {
        lock (_lock)
        {
            return [.. _names.GetViewBetween(prefix, prefix + char.MaxValue)];
        }
    }
}
