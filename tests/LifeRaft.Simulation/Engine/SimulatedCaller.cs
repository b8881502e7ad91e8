using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>What a request came to.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Result">What the state machine returned.</param>
/// <param name="Leader">Where the leader is, if the node knows.</param>
internal readonly record struct Reply(Outcome Outcome, ReadOnlyMemory<byte> Result, string? Leader);

/// <summary>A request that waits in a node. What a dead node says reaches nobody.</summary>
internal sealed class SimulatedCaller(Activation activation, ReadOnlyMemory<byte>? query, Action<Reply> replied) : PumpCaller
{
    public override void Applied(ReadOnlyMemory<byte> result) => Reply(new Reply(Outcome.Done, result, null));

    public override void ApplyFailed(Exception failure) =>
        activation.World.Judges.Break("state machine", $"the register machine threw, which it never does: {failure}");

    public override void Answered(Answer answer, IStateMachine machine)
    {
        var result = answer.Outcome == Outcome.Done && query is { } asked ? machine.Query(asked).ToArray() : default;
        Reply(new Reply(answer.Outcome, result, answer.Leader?.Endpoint));
    }

    private void Reply(Reply reply)
    {
        if (activation.Reaches())
        {
            replied(reply);
        }
    }
}
