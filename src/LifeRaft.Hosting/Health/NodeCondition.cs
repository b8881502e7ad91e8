using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What one node of this silo says of itself, without asking any other.</summary>
/// <param name="IsUnfit">Whether the node cannot serve.</param>
/// <param name="Problem">What is wrong, or null.</param>
/// <param name="IsIdle">Whether it belongs to no group, or was admitted and never got an entry, so that it is neither missed nor of use.</param>
internal readonly record struct NodeCondition(bool IsUnfit, string? Problem, bool IsIdle = false)
{
    /// <summary>State that is older than this lags. A leader that is heard says every heartbeat what is committed.</summary>
    public static readonly TimeSpan Lag = TimeSpan.FromSeconds(5);

    /// <summary>A node that takes no turn for so long hangs.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private static readonly NodeCondition _good = new(false, null);

    /// <summary>Looks at the node in a turn of its pump.</summary>
    public static async Task<NodeCondition> Of(NodePump pump, TimeProvider time, CancellationToken cancellationToken)
    {
        if (pump.IsOver)
        {
            return pump.Failure is { } failure ? new NodeCondition(true, $"has failed: {failure.Message}") : _good;
        }

        var seen = new TaskCompletionSource<NodeCondition>(TaskCreationOptions.RunContinuationsAsynchronously);
        pump.Post(new NodeRequest((node, now) => seen.TrySetResult(Of(node, now))));
        try
        {
            return await seen.Task.WaitAsync(Patience, time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return pump.IsOver ? _good : new NodeCondition(true, $"took no turn within {Duration.Format(Patience)}");
        }
    }

    /// <summary>Looks at the node within a turn.</summary>
    public static NodeCondition Of(RaftNode node, TimeSpan now)
    {
        if (node.Identity.IsBlank || !node.Configuration.Everyone.Any())
        {
            return new NodeCondition(false, null, IsIdle: true);
        }

        if (node.Leader.IsNone)
        {
            return new NodeCondition(true, "knows no leader");
        }

        return node.AgeOfState(now) switch
        {
            _ when node.State == RaftState.Leader => _good,
            _ when node.IsQuiet => _good, // Its leader's silo is heard, or it would have been woken.
            null => new NodeCondition(false, "has not caught up with its leader yet"),
            { } age when age > Lag => new NodeCondition(false, $"lags: its state is {age.TotalSeconds:0} s old"),
            _ => _good,
        };
    }
}
