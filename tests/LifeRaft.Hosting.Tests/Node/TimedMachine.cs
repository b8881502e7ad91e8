namespace LifeRaft.Hosting.Tests;

/// <summary>A machine that waits for a moment, and answers a waiting question once it has come, or once a command has.</summary>
internal sealed class TimedMachine : ITimedStateMachine, IWaitingStateMachine
{
    /// <summary>The clock of each command and, negative, of each tick.</summary>
    public List<TimeSpan> Clocks { get; } = [];

    public int Ticks { get; private set; }

    /// <summary>The moment that it waits for; a tick at or after it ends the wait, unless it is stubborn.</summary>
    public TimeSpan? Deadline
    {
        get => IsLost ? throw new InvalidOperationException("the sequence contains no elements") : field;
        set;
    }

    /// <summary>Whether it cannot even say for what it waits.</summary>
    public bool IsLost { get; set; }

    public bool IsStubborn { get; set; }

    public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command)
    {
        Clocks.Add(context.Clock);
        return command.ToArray();
    }

    public void Elapse(in CommandContext context)
    {
        Clocks.Add(context.Clock);
        Ticks++;
        if (IsStubborn)
        {
            throw new InvalidOperationException("what is due cannot be done");
        }

        Deadline = Deadline <= context.Clock ? null : Deadline;
    }

    public bool TryAnswer(ReadOnlyMemory<byte> query, out ReadOnlyMemory<byte> answer)
    {
        answer = new[] { (byte)Clocks.Count };
        return query.Span[0] != 13 ? Clocks.Count >= query.Span[0] : throw new InvalidOperationException("thirteen is not answered");
    }

    public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query) => default;

    public Action<Stream> CaptureSnapshot() => static _ => { };

    public void ReadSnapshot(Stream source)
    {
    }
}
