namespace LifeRaft.TestSilo;

/// <summary>
/// A planted fault: locks whose leases end by the wall clock of whoever leads. The clocks of silos on one machine do not differ, so those
/// of successive terms are made to.
/// </summary>
public sealed class WallClockLocks : ITimedStateMachine, IWaitingStateMachine
{
    private const int Clocks = 3;
    private static readonly TimeSpan _apart = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan _often = TimeSpan.FromMilliseconds(200);
    private readonly LockMachine _locks = new();
    private TimeSpan _clock;

    /// <summary>Soon: when a lease ends by another clock cannot be said by this one.</summary>
    public TimeSpan? Deadline => _locks.Deadline is null ? null : _clock + _often;

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command) => _locks.Apply(ByWallClock(context), command);

    /// <inheritdoc/>
    public void Elapse(in CommandContext context) => _locks.Elapse(ByWallClock(context));

    /// <inheritdoc/>
    public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query) => _locks.Query(query);

    /// <inheritdoc/>
    public bool TryAnswer(ReadOnlyMemory<byte> query, out ReadOnlyMemory<byte> answer) => _locks.TryAnswer(query, out answer);

    /// <inheritdoc/>
    public Action<Stream> CaptureSnapshot() => _locks.CaptureSnapshot();

    /// <inheritdoc/>
    public void ReadSnapshot(Stream source) => _locks.ReadSnapshot(source);

    private CommandContext ByWallClock(in CommandContext context)
    {
        _clock = context.Clock;
        return context with { Clock = context.Time - DateTimeOffset.UnixEpoch + (context.Term.Value % Clocks * _apart) };
    }
}
