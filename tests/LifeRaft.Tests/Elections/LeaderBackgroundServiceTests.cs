using System.Threading.Channels;
using LifeRaft.Tests.Locks;
using Microsoft.Extensions.Logging;
using Xunit;

namespace LifeRaft.Tests.Elections;

/// <summary>The work is on one host at a time, and is cancelled before it can be on another.</summary>
public sealed class LeaderBackgroundServiceTests : IAsyncDisposable
{
    private static readonly TimeSpan _timeToLive = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);
    private readonly LockGroup _group = new();
    private readonly Link _linkOfA;
    private readonly Host _a;
    private readonly Host _b;

    public LeaderBackgroundServiceTests()
    {
        _linkOfA = new Link(_group);
        _a = new Host(new RaftLocks(_linkOfA, _group.Time), "a", _group, new Lines());
        _b = new Host(_group.Client(), "b", _group, new Lines());
    }

    [Fact]
    public async Task A_host_that_stops_makes_room_for_the_next_with_a_larger_token()
    {
        await _a.Start();
        var first = await _a.Begun();
        await _b.Start();
        await _group.Until(() => _group.Look("billing")?.WaiterCount == 1);
        await _a.Stop();
        var second = await _b.Begun();
        Assert.True(second.FencingToken > first.FencingToken);
        Assert.Equal("a", first.Candidate);
    }

    [Fact]
    public async Task A_host_that_is_cut_off_is_cancelled_a_good_while_before_another_leads()
    {
        await _a.Start();
        await _a.Begun();
        await _b.Start();
        await _group.Until(() => _group.Look("billing")?.WaiterCount == 1);
        _linkOfA.IsCut = true;
        var cutAt = _group.Time.GetUtcNow();
        var begun = await Passing(_b.Begun);
        var cancelled = _a.CancelledAt!.Value;

        // A third of the time to live before it could be lost, and lost a tenth before the group gives it away.
        Assert.True(cancelled - cutAt <= (_timeToLive * 0.9) - (_timeToLive / 3) + TimeSpan.FromMilliseconds(100), $"cancelled {cancelled - cutAt} after the cut");
        Assert.True(_b.BegunAt - cancelled >= _timeToLive / 3, $"the other began {_b.BegunAt - cancelled} later");
        Assert.True(begun.IsLeader);
    }

    [Fact]
    public async Task It_leads_again_when_the_link_is_back()
    {
        await _a.Start();
        var first = await _a.Begun();
        _linkOfA.IsCut = true;
        await Passing(_a.Ended);
        _linkOfA.IsCut = false;
        var second = await Passing(_a.Begun);
        Assert.True(second.FencingToken > first.FencingToken);
    }

    [Fact]
    public async Task While_the_group_is_reached_nothing_is_cancelled()
    {
        await _a.Start();
        await _a.Begun();
        for (var i = 0; i < 20; i++)
        {
            var commands = _group.Commands;
            while (_group.Commands == commands)
            {
                _group.Pass(TimeSpan.FromMilliseconds(50));
                await Task.Yield();
            }
        }

        Assert.False(_a.HasEnded);
    }

    [Fact]
    public async Task Work_that_is_done_lets_the_next_host_have_its_turn_and_does_not_begin_again()
    {
        await _a.Start();
        await _a.Begun();
        await _b.Start();
        await _group.Until(() => _group.Look("billing")?.WaiterCount == 1);
        _a.Work.SetResult();
        await _b.Begun();
        await _a.ExecuteTask!.WaitAsync(_patience, TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Work_that_fails_lets_the_next_host_have_its_turn_and_ends_the_service()
    {
        await _a.Start();
        await _a.Begun();
        await _b.Start();
        await _group.Until(() => _group.Look("billing")?.WaiterCount == 1);
        _a.Work.SetException(new OutcomeUnknownException("from the work"));
        await _b.Begun();
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => _a.ExecuteTask!.WaitAsync(_patience, TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Work_that_does_not_stop_in_time_is_reported()
    {
        _a.IgnoresCancellation = true;
        await _a.Start();
        await _a.Begun();
        _linkOfA.IsCut = true;
        while (_a.Leadership!.IsLeader)
        {
            _group.Pass(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        _a.Work.SetResult();
        await _a.Logged("did not stop within 00:00:04");
    }

    [Fact]
    public async Task A_group_that_is_not_there_yet_is_asked_again()
    {
        _linkOfA.Failure = new GroupNotFoundException("No running silo knows the group locks/default.");
        await _a.Start();
        await _a.Logged("cannot campaign for 'billing' now and tries again: No running silo knows the group locks/default.");
        _linkOfA.Failure = null;
        await Passing(_a.Begun);
    }

    [Fact]
    public void Options_that_cannot_hold_are_refused()
    {
        Assert.Contains("0 to a third of TimeToLive (00:00:04), for the host is renewed so often; but it is 00:00:05", Refused(new() { TimeToLive = _timeToLive, StopWithin = TimeSpan.FromSeconds(5) }), StringComparison.Ordinal);
        Assert.Contains("but it is -00:00:01", Refused(new() { StopWithin = TimeSpan.FromSeconds(-1) }), StringComparison.Ordinal);
        Assert.Contains("time to live", Refused(new() { TimeToLive = TimeSpan.FromMilliseconds(1) }), StringComparison.OrdinalIgnoreCase);
        Assert.Contains("A candidate", Refused(new() { Candidate = "\ud800" }), StringComparison.Ordinal);
        Assert.Contains("at most 1024 bytes, but this one has 1025", Refused(new() { Candidate = new string('x', 1025) }), StringComparison.Ordinal);

        string Refused(LeaderServiceOptions options) => Assert.Throws<InvalidRequestException>(() => new Host(_group.Client(), "c", _group, new Lines(), options)).Message;
    }

    public async ValueTask DisposeAsync()
    {
        _linkOfA.IsCut = false;
        await _a.Stop();
        await _b.Stop();
    }

    /// <summary>Lets time pass until something has happened, but no faster than who can reach the group sends word to it.</summary>
    private async Task<T> Passing<T>(Func<Task<T>> awaited)
    {
        var task = awaited();
        var (commands, since) = (_group.Commands, _group.Time.GetUtcNow());
        while (!task.IsCompleted)
        {
            var isWordDue = _group.Time.GetUtcNow() - since >= (_timeToLive / 3) + TimeSpan.FromMilliseconds(100) && _b.ExecuteTask is not null;
            if (_group.Commands != commands)
            {
                (commands, since) = (_group.Commands, _group.Time.GetUtcNow());
            }
            else if (!isWordDue)
            {
                _group.Pass(TimeSpan.FromMilliseconds(50));
                _a.Look();
            }

            await Task.Yield();
        }

        return await task;
    }

    private sealed class Link(IRaftCommands group) : IRaftCommands
    {
        private TaskCompletionSource<ReadOnlyMemory<byte>>? _cut;

        /// <summary>What is sent while it is cut is lost, and whoever waits for an answer learns so when it is mended.</summary>
        public bool IsCut
        {
            get => _cut is not null;
            set
            {
                var cut = Interlocked.Exchange(ref _cut, value ? new TaskCompletionSource<ReadOnlyMemory<byte>>(TaskCreationOptions.RunContinuationsAsynchronously) : null);
                cut?.SetException(new OutcomeUnknownException("The link was cut."));
            }
        }

        public RaftException? Failure { get; set; }

        public Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default) => Pass(() => group.Command(command, cancellationToken), cancellationToken);

        public Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) => Pass(() => group.Query(query, cancellationToken), cancellationToken);

        public Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) => Pass(() => group.Await(query, cancellationToken), cancellationToken);

        private Task<ReadOnlyMemory<byte>> Pass(Func<Task<ReadOnlyMemory<byte>>> call, CancellationToken cancellationToken) =>
            Failure is { } failure ? Task.FromException<ReadOnlyMemory<byte>>(failure)
            : _cut is { } cut ? cut.Task.WaitAsync(cancellationToken)
            : call();
    }

    private sealed class Host(RaftLocks locks, string name, LockGroup group, Lines lines, LeaderServiceOptions? options = null)
        : LeaderBackgroundService(locks, "billing", lines, options ?? new LeaderServiceOptions { Candidate = name, TimeToLive = _timeToLive })
    {
        private readonly Channel<Leadership> _begun = Channel.CreateUnbounded<Leadership>();
        private readonly Channel<DateTimeOffset> _ended = Channel.CreateUnbounded<DateTimeOffset>();

        private CancellationToken _cancellation;

        public TaskCompletionSource Work { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IgnoresCancellation { get; set; }

        public bool HasEnded { get; private set; }

        public DateTimeOffset BegunAt { get; private set; }

        public Leadership? Leadership { get; private set; }

        public DateTimeOffset? CancelledAt { get; private set; }


        /// <summary>Notices whether the work is cancelled by now.</summary>
        public void Look() => CancelledAt ??= _cancellation.IsCancellationRequested ? group.Time.GetUtcNow() : null;

        public Task Start() => StartAsync(TestContext.Current.CancellationToken);

        public async Task Stop()
        {
            Work.TrySetResult();
            await StopAsync(CancellationToken.None);
        }

        public Task<Leadership> Begun() => _begun.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(_patience);

        public Task<DateTimeOffset> Ended() => _ended.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(_patience);

        public async Task Logged(string text)
        {
            while (!(await lines.Next()).Contains(text, StringComparison.Ordinal))
            {
            }
        }

        protected override async Task ExecuteAsLeaderAsync(Leadership leadership, CancellationToken cancellationToken)
        {
            (Leadership, BegunAt, _cancellation) = (leadership, group.Time.GetUtcNow(), cancellationToken);
            _begun.Writer.TryWrite(leadership);
            try
            {
                await Work.Task.WaitAsync(IgnoresCancellation ? CancellationToken.None : cancellationToken);
            }
            finally
            {
                HasEnded = true;
                _ended.Writer.TryWrite(group.Time.GetUtcNow());
            }
        }
    }

    private sealed class Lines : ILogger
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();

        public Task<string> Next() => _lines.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(_patience);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            _lines.Writer.TryWrite(formatter(state, exception));
    }
}
