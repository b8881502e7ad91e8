using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>The configuration in force is the last one in the log, committed or not (Raft paper, 6).</summary>
internal sealed class ConfigurationJudge(Judges judges)
{
    /// <summary>Looking at every turn would cost more than the turns.</summary>
    private const int TurnsBetweenLooks = 8;
    private int _turns;

    public void TurnEnded(Activation activation)
    {
        if (++_turns % TurnsBetweenLooks != 0)
        {
            return;
        }

        // Entries that the node holds and has not handed over yet are not to be seen here.
        var (log, status) = (activation.Log.HandedOver, activation.Node.Status());
        if (log.Count == 0 || status.Last.Value != log.Count || status.LastTerm != log[^1].Term)
        {
            return;
        }

        for (var i = log.Count - 1; i >= 0; i--)
        {
            if (log[i].Kind == EntryKind.Configuration)
            {
                var last = GroupConfigurationCodec.Decode(log[i].Payload).ToString();
                if (last != status.Configuration.ToString())
                {
                    judges.Break("the last configuration is in force", $"{activation.Host} goes by {status.Configuration}, but the last one in its log, {log[i]}, is {last}");
                }

                return;
            }
        }
    }
}
