namespace LifeRaft.Protocol;

/// <summary>
/// The configurations that the log holds, from the newest applied one on. The last one is in force, committed or not; when its
/// entry is truncated the one before is in force again (Raft paper, 6).
/// </summary>
internal sealed class ConfigurationHistory
{
    private readonly List<(LogIndex Index, GroupConfiguration Configuration)> _known = [(LogIndex.Zero, GroupConfiguration.None)];

    /// <summary>Which one is the newest that is known to be committed.</summary>
    private int _committed;

    /// <summary>The configuration in force.</summary>
    public GroupConfiguration Current => _known[^1].Configuration;

    /// <summary>Where the configuration in force stands in the log.</summary>
    public LogIndex CurrentIndex => _known[^1].Index;

    /// <summary>The newest configuration that is known to be committed.</summary>
    public GroupConfiguration Committed => _known[_committed].Configuration;

    /// <summary>Where that one stands in the log.</summary>
    public LogIndex CommittedIndex => _known[_committed].Index;

    public void Append(LogEntry entry) => _known.Add((entry.Index, GroupConfigurationCodec.Decode(entry.Payload)));

    public void TruncateFrom(LogIndex index)
    {
        if (index <= CommittedIndex)
        {
            throw new RaftInvariantException($"The committed configuration at {CommittedIndex} would be truncated from {index} on.");
        }

        _known.RemoveAll(known => known.Index >= index);
    }

    /// <summary>Begins with what a snapshot says, and forgets the rest: a configuration that it covers is history (raft-scenarios 34).</summary>
    public void ReplaceBy(SnapshotHeader snapshot)
    {
        _known.Clear();
        _known.Add((snapshot.ConfigurationIndex, snapshot.Configuration));
        _committed = 0;
    }

    /// <summary>
    /// Whether the member votes in the newest committed configuration or in one that follows it: until its removal is known to be
    /// committed, it may be needed (thesis, 4.2.2).
    /// </summary>
    public bool IsOrWasVoter(MemberId member) => _known.FindIndex(_committed, known => known.Configuration.IsVoter(member)) >= 0;

    /// <summary>Passes over the next configuration if the commit index has reached it.</summary>
    public bool TryCommitNext(LogIndex commit, out GroupConfiguration before, out GroupConfiguration after)
    {
        before = after = Committed;
        if (_committed + 1 >= _known.Count || _known[_committed + 1].Index > commit)
        {
            return false;
        }

        _committed++;
        after = Committed;
        return true;
    }

    /// <summary>Everything up to the index was applied: the newest configuration up to there is what a snapshot taken now would hold.</summary>
    public void Applied(LogIndex index)
    {
        while (_committed > 0 && _known[1].Index <= index)
        {
            _known.RemoveAt(0);
            _committed--;
        }
    }

    /// <summary>The newest configuration up to what was applied last.</summary>
    public (LogIndex Index, GroupConfiguration Configuration) AtApplied => _known[0];
}
