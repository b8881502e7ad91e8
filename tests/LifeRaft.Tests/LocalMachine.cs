using LifeRaft.Protocol;

namespace LifeRaft.Tests;

/// <summary>A group without a group: commands go straight to one machine, and its exceptions straight to the caller. The test moves the clock.</summary>
internal sealed class LocalMachine(IStateMachine machine) : IRaftCommands
{
    private static readonly GroupId _group = new(new Guid("0d8b7a52-6a0c-4a6f-93b8-3d1f6f1c2f10"));
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The machine; a restored one may take its place.</summary>
    public IStateMachine Machine { get; set; } = machine;

    public int Commands { get; private set; }

    public int Queries { get; private set; }

    /// <summary>The index of the last entry.</summary>
    public long Index { get; private set; }

    /// <summary>The group's clock.</summary>
    public TimeSpan Clock { get; private set; }

    public static ReadOnlyMemory<byte> Apply(IStateMachine machine, ReadOnlyMemory<byte> command, long index = 1) =>
        machine.Apply(Context(index, default), command);

    public Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default)
    {
        Commands++;
        try
        {
            return Task.FromResult(Machine.Apply(Context(++Index, Clock), command));
        }
        finally
        {
            Changed();
        }
    }

    public Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default)
    {
        Queries++;
        return Task.FromResult(Machine.Query(query));
    }

    public async Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var changed = _changed.Task;
            if (((IWaitingStateMachine)Machine).TryAnswer(query, out var answer))
            {
                return answer;
            }

            await changed.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Lets time pass, as the leader does when the machine's deadline has come.</summary>
    public void Pass(TimeSpan time)
    {
        Clock += time;
        if (Machine is ITimedStateMachine timed && timed.Deadline <= Clock)
        {
            timed.Elapse(Context(++Index, Clock));
            Changed();
        }
    }

    /// <summary>Lets time pass, and the leader has not noticed yet.</summary>
    public void PassUnnoticed(TimeSpan time) => Clock += time;

    private static CommandContext Context(long index, TimeSpan clock) =>
        new(new LogIndex(index), new Term(1), DateTimeOffset.UnixEpoch) { Clock = clock, Group = _group };

    private void Changed() =>
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
