using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>Somebody who waits for what a voter's node says to a request.</summary>
/// <param name="isQuery">Whether the state machine is asked when the node says that it may be.</param>
internal sealed class VoterCaller(bool isQuery = false) : PumpCaller
{
    private readonly TaskCompletionSource<VoterReply> _reply = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<VoterReply> Reply => _reply.Task;

    public override void Applied(ReadOnlyMemory<byte> result) => _reply.TrySetResult(new VoterReply(ReplyStatus.Done, result));

    public override void ApplyFailed(Exception failure) => _reply.TrySetResult(new VoterReply(ReplyStatus.Refused, failure.Message));

    public override void Answered(Answer answer, IStateMachine machine) => _reply.TrySetResult(answer.Outcome switch
    {
        Outcome.Done => new VoterReply(ReplyStatus.Done, isQuery ? machine.Query(default) : default),
        Outcome.NotLeader => new VoterReply(ReplyStatus.NotLeader, answer.Leader?.Address ?? ""),
        Outcome.Unknown => new VoterReply(ReplyStatus.Unknown, "leadership was lost before the change was committed"),
        Outcome.TooLarge or Outcome.UnknownCommand => new VoterReply(ReplyStatus.Refused, $"the command cannot be proposed: {answer.Outcome}"),
        Outcome.Stopped => new VoterReply(ReplyStatus.NotNow, "its node has stopped"),
        var outcome => new VoterReply(ReplyStatus.NotNow, $"its node says {outcome}"),
    });
}
