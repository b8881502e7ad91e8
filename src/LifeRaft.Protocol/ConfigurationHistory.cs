namespace LifeRaft.Protocol;

/// <summary>
/// The configurations that the log holds, from the newest committed one on. The last one is in force, committed or not; when its
/// entry is truncated the one before is in force again (Raft paper, 6).
/// </summary>
internal sealed class ConfigurationHistory
{
    private readonly List<(LogIndex Index, GroupConfiguration Configuration)> _known = [(LogIndex.Zero, GroupConfiguration.None)];

    /// <summary>The configuration in force.</summary>
    public GroupConfiguration Current => _known[^1].Configuration;

    /// <summary>Where the configuration in force stands in the log.</summary>
    public LogIndex CurrentIndex => _known[^1].Index;

    /// <summary>The newest configuration that is known to be committed.</summary>
    public GroupConfiguration Committed => _known[0].Configuration;

    /// <summary>Where that one stands in the log.</summary>
    public LogIndex CommittedIndex => _known[0].Index;

    public void Append(LogEntry entry) => _known.Add((entry.Index, GroupConfigurationCodec.Decode(entry.Payload)));

    public void TruncateFrom(LogIndex index)
    {
        if (index <= _known[0].Index)
        {
            throw new RaftInvariantException($"The committed configuration at {_known[0].Index} would be truncated from {index} on.");
        }

        _known.RemoveAll(known => known.Index >= index);
    }

    /// <summary>Passes over the next configuration if the commit index has reached it.</summary>
    public bool TryCommitNext(LogIndex commit, out GroupConfiguration before, out GroupConfiguration after)
    {
        before = after = Committed;
        if (_known.Count < 2 || _known[1].Index > commit)
        {
            return false;
        }

        after = _known[1].Configuration;
        _known.RemoveAt(0);
        return true;
    }
}
