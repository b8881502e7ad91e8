using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>The end of a node, by itself or by a failure: nobody is left without an answer.</summary>
internal sealed partial class NodePump
{
    /// <summary>A node that has ended does nothing any more, but whoever asks gets an answer.</summary>
    private void AnswerAfterTheEnd()
    {
        Load.Close();
        while (_inbox.TryTake(out var input))
        {
            if (input is MessageArrived arrived)
            {
                TellOfDeletion(_mail.Arrived(arrived));
            }
            else if (input is NodeRequest or CommandArrived or SessionRequestArrived)
            {
                input.Feed(_node, Now());
            }
        }

        Answer(_node.TakeReady()?.Answers ?? []);
        LetCallersGoOn();
    }

    private void Fail(Exception failure)
    {
        try
        {
            // The callers must not wait for ever; nothing else of what the node says now is done.
            _node.Stop(NodeEnd.Failed, Now());
        }
        catch (RaftInvariantException)
        {
            // The node was stopped for one already.
        }

        FeedHeld();
        AbandonPerformed();
        Answer(_node.TakeReady()?.Answers ?? []);
        _waiting.TurnEnded(_node, State);
        Failure = failure;
        _isOver = true;
        _snapshots.Ended(failure);
        _ports.Observer.Ended(NodeEnd.Failed, _state, failure);
    }

    /// <summary>Who was handed out with what could not be done: whether it was, nobody can tell.</summary>
    private void AbandonPerformed()
    {
        if (_performing is not { } ready)
        {
            return;
        }

        _performing = null;
        var told = _told.ToHashSet();
        var waiting = ready.Apply.Select(entry => entry.Caller).OfType<PumpCaller>().Select(caller => new Answer(caller, Outcome.Unknown, null));
        var answered = ready.Answers.Select(answer => answer.Outcome == Outcome.Done ? answer with { Outcome = Outcome.Unknown } : answer);
        Answer([.. waiting.Concat(answered).Where(answer => !told.Contains((PumpCaller)answer.Caller))]);
    }
}
