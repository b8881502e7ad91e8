using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>A silo that is asked to lead nothing, before it is stopped or because it is in trouble.</summary>
internal sealed partial class SiloRaft
{
    /// <summary>The priority of the nodes of a silo that is to lead nothing: everybody's is higher.</summary>
    public const int LeadsNothing = int.MinValue;

    /// <summary>Whether the silo was asked to lead nothing.</summary>
    public bool IsDrained { get; private set; }

    /// <summary>Leads nothing from now on, unless nobody else can; the groups that it still leads.</summary>
    public async Task<IReadOnlyList<string>> Drain()
    {
        SetDrained(true);
        var moves = HandOver(inbox.Pumps.Where(pump => !pump.IsOver && pump.Node.State == RaftState.Leader));
        try
        {
            await Task.WhenAll(moves).WaitAsync(options.Value.HandOverTimeout, time);
        }
        catch (TimeoutException)
        {
            // Said below, by name; they go on trying.
        }

        return [.. sessions.All.Where(session => !session.Pump.IsOver && session.Node.State == RaftState.Leader).Select(session => session.Key.Group.ToString()).Order(StringComparer.Ordinal)];
    }

    /// <summary>Leads again.</summary>
    public Task<IReadOnlyList<string>> Resume()
    {
        SetDrained(false);
        return Task.FromResult<IReadOnlyList<string>>([]);
    }

    private void SetDrained(bool isDrained)
    {
        if (IsDrained != isDrained)
        {
            journal.Add(JournalKind.SiloDrained, isDrained ? "Leads nothing from now on: it was drained." : "May lead again.");
        }

        IsDrained = isDrained;
        foreach (var session in sessions.All)
        {
            session.Pump.Post(new NodeRequest((node, now) =>
            {
                node.LeaderPriority = isDrained ? LeadsNothing : options.Value.LeaderPriority;
                node.Wake(now); // Its leader has to hear of it.
            }));
        }
    }
}
