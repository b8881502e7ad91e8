using LifeRaft.Protocol;

namespace LifeRaft;

/// <summary>
/// Waits for the answer to a question: a leader holds it for a while, and is asked again, or the next leader is. So that a wait outlives
/// leaders, and a silo that vanishes delays it no longer than one such while.
/// </summary>
internal static class WaitingQuery
{
    /// <summary>How long a leader holds a question before it says that there is no answer yet.</summary>
    public static readonly TimeSpan Hold = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan _patience = 2 * Hold;
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);

    public static async Task<ReadOnlyMemory<byte>> Answer(
        LeaderRoute route, GroupName group, ReadOnlyMemory<byte> query, TimeProvider time, CancellationToken cancellationToken)
    {
        using var activity = RaftActivities.StartClient(RaftActivities.Await, group);
        try
        {
            return await AskUntilAnswered(route, group, query, time, cancellationToken);
        }
        catch (Exception failure) when (activity.Notes(failure))
        {
            throw;
        }
    }

    private static async Task<ReadOnlyMemory<byte>> AskUntilAnswered(
        LeaderRoute route, GroupName group, ReadOnlyMemory<byte> query, TimeProvider time, CancellationToken cancellationToken)
    {
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var reply = await Ask(route, query, cancellationToken);
            switch (reply.Outcome)
            {
                case Outcome.Done when reply.IsNotYet:
                    break;
                case Outcome.Done or Outcome.TooLarge:
                    return RaftGroup.Succeeded(reply, $"The waiting query to {group}").Result;
                default:
                    // There is no leader, or too much waits there: who waits does not mind.
                    await Task.Delay(_pause, time, cancellationToken);
                    break;
            }
        }
    }

    private static async Task<Reply> Ask(LeaderRoute route, ReadOnlyMemory<byte> query, CancellationToken cancellationToken)
    {
        try
        {
            return await route.Ask(node => node.Await(query, Hold), mayRepeat: true, route.Timeout, _patience, cancellationToken);
        }
        catch (GroupUnavailableException failure)
        {
            return new Reply { Outcome = Outcome.Stopped, Error = failure.Message };
        }
    }
}
