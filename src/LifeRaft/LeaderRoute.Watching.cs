using LifeRaft.Protocol;
using Orleans.Runtime.Messaging;

namespace LifeRaft;

/// <summary>
/// What must not be sent twice: whom it is sent to, and how long it is waited for. A silo that is killed takes with it what was sent to it,
/// and what was sent through its gateway, and Orleans does not say so before it counts the silo as dead, or at the deadline. So the nodes
/// are looked at while an answer is missing, and as soon as it need no longer be expected the outcome is unknown.
/// </summary>
internal sealed partial class LeaderRoute
{
    /// <summary>Whether it said so a moment ago. Who has been idle for longer asks again: the silo may have been lost meanwhile.</summary>
    private bool Leads(Known known) => known.LedAt != Known.Never && time.GetElapsedTime(known.LedAt) < Patience;

    /// <summary>Asks a node whether it leads. Nothing else is asked of it, so that nothing remains unknown.</summary>
    private async Task<Reply> Confirm(Known known, TimeSpan patience, CancellationToken cancellationToken)
    {
        var askedAt = time.GetTimestamp();
        var reply = await Attempt(known, async node => Introduction(await node.Look()), patience, isWatched: false, cancellationToken);
        if (reply.Outcome == Outcome.Done)
        {
            known.LedAt = askedAt;
        }
        else
        {
            Forget(known.Node);
        }

        return reply.Outcome == Outcome.Done || reply.Outcome == Outcome.Unknown
            ? new Reply { Outcome = Outcome.NotLeader, Error = reply.Error } // Nothing was sent yet.
            : reply;
    }

    /// <summary>Only a leader carries out what must not be repeated, or refuses it for good; a follower may answer queries.</summary>
    private void Answered(Known known, Reply reply, bool mayRepeat)
    {
        if (!mayRepeat && reply.Outcome == Outcome.Done)
        {
            known.LedAt = time.GetTimestamp();
        }
    }

    /// <summary>What a node that is asked for a command would say, if it were to refuse it.</summary>
    private Reply Introduction(NodeStatus status) => status.State == RaftState.Stopped
        ? new Reply { Outcome = Outcome.Stopped, Error = $"{group}/{status.Address} has ended or failed" }
        : Leads(status);

    private static Reply Leads(NodeStatus status) => new()
    {
        Outcome = status.State == RaftState.Leader ? Outcome.Done : Outcome.NotLeader,
        Leader = status.Members.FirstOrDefault(member => member.Address == status.Leader)?.Grain ?? default,
    };

    /// <summary>
    /// Waits on for an answer that has not come within <see cref="Patience"/>, and looks around each time that it does not come for as long
    /// again.
    /// </summary>
    /// <exception cref="TimeoutException">It did not come within the patience, and may still come.</exception>
    private async Task<Reply> Watch(GrainId target, Task<Reply> pending, long started, TimeSpan patience, CancellationToken cancellationToken)
    {
        Sight? before = null;
        while (true)
        {
            if (pending.IsCompleted)
            {
                return await pending; // It came just then, or it is the silo that says so.
            }

            var now = await LookAround(target, cancellationToken);
            if (before is not null && now is not null && !pending.IsCompleted)
            {
                if (now.Node != target)
                {
                    return Silent(target, $"no answer came within {time.GetElapsedTime(started).TotalSeconds:0.#} s, and {now.Status.Address} leads now");
                }

                // All that it had in its log a while ago is applied and answered, so this is not in its log, or the answer was lost.
                if (before.Node == target && before.Status.Term == now.Status.Term && now.Status.Applied >= before.Status.Last)
                {
                    return new Reply { Outcome = Outcome.Unknown, Error = $"no answer came within {time.GetElapsedTime(started).TotalSeconds:0.#} s, though {now.Status.Address} leads and answers: it was lost on the way there or back" };
                }
            }

            before = now;
            var left = patience - time.GetElapsedTime(started);
            if (left <= Patience)
            {
                return await pending.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, time, cancellationToken);
            }

            try
            {
                return await pending.WaitAsync(Patience, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                // Looked at above.
            }
        }
    }

    /// <summary>The node that leads, of those that answer; null when none does.</summary>
    private async Task<Sight?> LookAround(GrainId target, CancellationToken cancellationToken)
    {
        var sights = await Task.WhenAll(_known.Append(target).Distinct().Select(node => LookAt(node, cancellationToken)));
        return sights.Where(sight => sight?.Status.State == RaftState.Leader).MaxBy(sight => sight!.Status.Term.Value);
    }

    private async Task<Sight?> LookAt(GrainId node, CancellationToken cancellationToken)
    {
        try
        {
            return new Sight(node, await grains.GetGrain<IRaftRequests>(node).Look().AsTask().WaitAsync(Patience, time, cancellationToken));
        }
        catch (Exception failure) when (failure is RaftException or OrleansException or IOException or TimeoutException or ConnectionFailedException)
        {
            return null;
        }
    }

    private sealed record Sight(GrainId Node, NodeStatus Status);
}
