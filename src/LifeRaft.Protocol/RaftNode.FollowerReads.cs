namespace LifeRaft.Protocol;

/// <summary>Reads on a follower: its leader says up to where it must have applied, and proves that it leads (thesis, 6.4).</summary>
public sealed partial class RaftNode
{
    /// <summary>Begins anywhere, so that an answer to a question of an earlier life of this node is no answer now.</summary>
    private long _readQuestions;

    private void ReadThroughLeader(object caller)
    {
        if (_role is FollowerRole { Leader.IsNone: false } follower)
        {
            follower.Reads.Waiting.Add(caller);
        }
        else
        {
            AnswerNow(caller, Outcome.NotLeader);
        }
    }

    /// <summary>Once per turn: one question at a time, for all who wait; one that is not answered in time is asked anew.</summary>
    private void AskLeaderForReads(FollowerRole follower)
    {
        var reads = follower.Reads;
        var isDue = reads.Asked.Count == 0 ? reads.Waiting.Count > 0 : _now >= reads.Deadline;
        if (isDue)
        {
            reads.Ask(++_readQuestions, _now + (2 * Configuration.Timings.Heartbeat));
            Send(new ReadIndexRequest { To = follower.Leader, Id = reads.Id });
        }
    }

    private void OnReadIndexRequest(ReadIndexRequest request)
    {
        if (_role is LeaderRole leader)
        {
            leader.Reads.Add(new PendingRead(new RemoteReader(request.From, request.Id), LogIndex.Max(_commit, leader.FirstOwn), leader.Round + 1));
        }
        else
        {
            Send(new ReadIndexResponse { To = request.From, Id = request.Id, Index = LogIndex.Zero, IsRefused = true });
        }
    }

    private void OnReadIndexResponse(ReadIndexResponse response)
    {
        if (_role is not FollowerRole follower || response.Id != follower.Reads.Id)
        {
            return; // About a question that was asked anew meanwhile, or in another role.
        }

        foreach (var caller in follower.Reads.TakeAsked())
        {
            if (response.IsRefused)
            {
                AnswerNow(caller, Outcome.NotLeader);
            }
            else
            {
                follower.Reads.Confirmed.Enqueue((caller, response.Index));
            }
        }

        AnswerConfirmedReads(follower);
    }

    private void AnswerConfirmedReads(FollowerRole follower)
    {
        while (follower.Reads.Confirmed.TryPeek(out var read) && read.Index <= _applied)
        {
            follower.Reads.Confirmed.Dequeue();
            AnswerNow(read.Caller, Outcome.Done);
        }
    }

    private void AbandonReads(FollowerRole follower)
    {
        foreach (var caller in follower.Reads.All)
        {
            AnswerNow(caller, Outcome.NotLeader);
        }
    }
}
