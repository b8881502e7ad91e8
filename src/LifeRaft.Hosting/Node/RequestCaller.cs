using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>A grain call that waits for the outcome of its request.</summary>
internal class RequestCaller : PumpCaller
{
    // Set at the end of a turn, on the grain's own scheduler: the call goes on there, without a way through a queue.
    private readonly TaskCompletionSource<Reply> _reply = new();
    private Reply? _outcome;

    // What it holds until it is answered, and where that is counted.
    private RequestLoad? _load;
    private int _bytes;

    public Task<Reply> Reply => _reply.Task;

    /// <summary>What a caller is told of an exception of the state machine.</summary>
    public static string Describe(Exception failure) => $"{failure.GetType().Name}: {failure.Message}";

    public override void Applied(ReadOnlyMemory<byte> result) => _outcome = new Reply { Outcome = Outcome.Done, Result = result };

    public override void ApplyFailed(Exception failure) =>
        _outcome = new Reply { Outcome = Outcome.Done, Error = Describe(failure) };

    /// <summary>Counts this request and its so many bytes until it is answered; says which bound that would break, and counts nothing then.</summary>
    public Overload? Hold(RequestLoad load, int bytes)
    {
        var overload = load.TryTake(bytes);
        (_load, _bytes) = overload is null ? (load, bytes) : (null, 0);
        return overload;
    }

    public override void Answered(Answer answer, IStateMachine machine) => Answer(answer);

    public override void TurnEnded()
    {
        LetGo();
        _reply.SetResult(_outcome!);
    }

    /// <summary>Nobody waits for it any more.</summary>
    protected void LetGo() => _load?.GiveBack(_bytes);

    protected void Answer(Answer answer, ReadOnlyMemory<byte> result = default, string? error = null) => _outcome = new Reply
    {
        Outcome = answer.Outcome,
        Leader = answer.Leader is { } leader ? GrainId.Parse(leader.Endpoint) : default,
        Result = result,
        Error = error,
    };
}

/// <summary>A grain call that reads: when its turn has come, the state machine is asked.</summary>
internal sealed class QueryCaller(ReadOnlyMemory<byte> query) : RequestCaller
{
    public override void Answered(Answer answer, IStateMachine machine)
    {
        if (answer.Outcome != Outcome.Done)
        {
            Answer(answer);
            return;
        }

        try
        {
            Answer(answer, machine.Query(query));
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            Answer(answer, error: Describe(failure));
        }
    }
}
