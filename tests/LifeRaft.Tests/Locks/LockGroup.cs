using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LifeRaft.Tests.Locks;

/// <summary>A group of locks without a group, and what can happen on the way to it. Its clock and that of its clients go as the test says.</summary>
internal sealed class LockGroup : IRaftCommands
{
    /// <summary>In what steps time passes.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);
    private readonly LocalMachine _local;
    private readonly Lock _lock = new();
    private readonly List<LockCommand> _stuck = [];
    private volatile TaskCompletionSource? _mended;
    private TaskCompletionSource _commanded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LockGroup() => _local = new LocalMachine(Machine);

    public LockMachine Machine { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public int Commands => _local.Commands;

    /// <summary>What is sent does not arrive; those who sent it learn that when it is mended.</summary>
    public bool IsCutOff
    {
        get => _mended is not null;
        set
        {
            var mended = _mended;
            _mended = value ? mended ?? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : null;
            if (!value)
            {
                mended?.SetException(new GroupUnavailableException("The test had cut the group off."));
            }
        }
    }

    /// <summary>The answers of so many commands are lost; they are applied.</summary>
    public int LostAnswers { get; set; }

    /// <summary>How long a command is under way.</summary>
    public TimeSpan There { get; set; }

    /// <summary>How long its answer is.</summary>
    public TimeSpan Back { get; set; }

    public RaftLocks Client() => new(this, Time);

    public async Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_mended is { } mended)
        {
            lock (_lock)
            {
                _stuck.Add(LockCodec.DecodeCommand(command));
                Signal();
            }

            await mended.Task.WaitAsync(cancellationToken);
        }

        // What is under way arrives, also when nobody waits for it any more.
        return await Carry(command).WaitAsync(cancellationToken);
    }

    public Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) => _local.Query(query, cancellationToken);

    public Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) => _local.Await(query, cancellationToken);

    /// <summary>Lets time pass in small steps, for clients and for the group, whose clock may go at another rate.</summary>
    public void Pass(TimeSpan time, double rate = 1)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += Step)
        {
            // The group first: what clients send as their time comes finds its clock where it is then.
            lock (_lock)
            {
                _local.Pass(Step * rate);
            }

            Time.Advance(Step);
        }
    }

    public LockState? Look(string name) => LockCodec.DecodePage(Machine.Query(LockCodec.Encode(new LookAtLock(name)))).Locks.SingleOrDefault();

    /// <summary>Whether such a command was sent while the group was cut off.</summary>
    public bool IsStuck<TCommand>()
        where TCommand : LockCommand
    {
        lock (_lock)
        {
            return _stuck.OfType<TCommand>().Any();
        }
    }

    /// <summary>Once that is so, which commands make so.</summary>
    public async Task Until(Func<bool> isReached)
    {
        while (true)
        {
            var commanded = _commanded.Task;
            if (isReached())
            {
                return;
            }

            await commanded.WaitAsync(_patience, TestContext.Current.CancellationToken);
        }
    }

    private void Signal() =>
        Interlocked.Exchange(ref _commanded, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();

    private async Task<ReadOnlyMemory<byte>> Carry(ReadOnlyMemory<byte> command)
    {
        await Way(There);
        ReadOnlyMemory<byte> answer;
        lock (_lock)
        {
            answer = _local.Command(command, CancellationToken.None).GetAwaiter().GetResult();
            Signal();
            if (LostAnswers > 0)
            {
                LostAnswers--;
                throw new OutcomeUnknownException("The test has lost the answer.");
            }
        }

        await Way(Back);
        return answer;
    }

    private async Task Way(TimeSpan time)
    {
        if (time > TimeSpan.Zero)
        {
            await Task.Delay(time, Time);
        }
    }
}
