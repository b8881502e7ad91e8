using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LifeRaft.Tests.KeyValue;

public sealed class KeyValueLeaseTests
{
    private static readonly TimeSpan _timeToLive = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan _third = _timeToLive / 3;
    private static readonly TimeSpan _soon = _timeToLive / 15;
    private static readonly byte[] _value = [1];
    private readonly TimersInView _time = new();
    private readonly LocalMachine _group = new(new KeyValueMachine());
    private readonly FaultyCommands _commands;
    private readonly KeyValueStore _store;

    public KeyValueLeaseTests()
    {
        _commands = new FaultyCommands(_group);
        _store = new KeyValueStore(_commands, _time);
    }

    [Fact]
    public async Task A_key_lives_while_its_lease_is_kept_and_ends_when_the_lease_is_disposed_of()
    {
        var lease = await Grant();
        Assert.Equal(1, await _store.Put("a", _value, lease));
        Assert.Equal(lease.Id, (await _store.Get("a"))!.Lease);
        for (var i = 0; i < 30; i++)
        {
            await _time.Made(_third);
            Pass(_third);
        }

        await _time.Made(_third);
        Assert.NotNull(await _store.Get("a"));
        Assert.True(lease.IsHeld);
        await lease.DisposeAsync();
        Assert.Null(await _store.Get("a"));
        Assert.False(lease.IsHeld);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_lease_that_cannot_be_kept_is_lost_before_the_group_ends_it()
    {
        await using var lease = await Grant();
        await _store.Put("a", _value, lease);
        await _time.Made(_third);
        _commands.Before = () => throw new GroupUnavailableException("nobody leads");
        Pass(_third);
        for (var passed = _third + _soon; passed < _timeToLive * 0.9; passed += _soon)
        {
            await _time.Made(_soon);
            Assert.True(lease.IsHeld);
            Assert.False(lease.Lost.IsCancellationRequested);
            Pass(_soon);
        }

        await _time.Made(_soon);
        Pass((_timeToLive * 0.9) - _time.GetUtcNow().Subtract(_time.Start));
        Assert.True(lease.Lost.IsCancellationRequested);
        Assert.False(lease.IsHeld);
        Assert.NotNull(await _store.Get("a"));
        _group.Pass(_timeToLive * 0.1);
        Assert.Null(await _store.Get("a"));
    }

    [Fact]
    public async Task A_timer_that_fires_early_does_not_keep_a_lease_from_being_lost()
    {
        var time = new WholeMilliseconds();
        await using var lease = await new KeyValueStore(_commands, time).GrantLease(TimeSpan.FromMilliseconds(1001), TestContext.Current.CancellationToken);
        _commands.Before = () => throw new GroupUnavailableException("nobody leads");
        time.Advance(TimeSpan.FromMilliseconds(900));
        Assert.False(lease.Lost.IsCancellationRequested); // It can be relied on for 900.9 ms.
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_word_that_got_lost_is_followed_soon_by_another()
    {
        await using var lease = await Grant();
        await _time.Made(_third);
        _commands.Before = () => throw new OutcomeUnknownException("leadership was lost");
        Pass(_third);
        await _time.Made(_soon);
        _commands.Before = () => Task.CompletedTask;
        Pass(_soon);
        await _time.Made(_third);
        Pass(_timeToLive * 0.6);
        Assert.True(lease.IsHeld);
        Assert.False(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_word_that_is_stuck_is_not_waited_for_and_counts_from_when_it_was_sent()
    {
        await using var lease = await Grant();
        await _time.Made(_third);
        var stuck = new TaskCompletionSource();
        _commands.Before = () => stuck.Task;
        Pass(_third);
        await _time.Made(_third); // So long it is waited for.
        Pass(_third);
        await _time.Made(_soon);
        Pass(_timeToLive * 0.9 - 2 * _third);
        Assert.True(lease.Lost.IsCancellationRequested);
        stuck.SetResult();
    }

    [Fact]
    public async Task A_word_whose_answer_is_late_counts_from_when_it_was_sent()
    {
        await using var lease = await Grant();
        await _time.Made(_third);
        var late = new TaskCompletionSource();
        _commands.After = () => late.Task;
        Pass(_third);
        await _time.Made(_third); // So long it is waited for.
        Pass(_third / 2);
        late.SetResult();
        await _time.Made(_third);
        _commands.Before = () => throw new GroupUnavailableException("nobody leads");
        Pass((_timeToLive * 0.9) - (_third / 2));
        Assert.True(lease.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_lease_that_somebody_else_has_ended_is_lost_with_the_next_word()
    {
        await using var lease = await Grant();
        await _time.Made(_third);
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var registration = lease.Lost.Register(lost.SetResult);
        await _group.Command(new KeyValueLeaseCommand(KeyValueCommandKind.EndLease, lease.Id).Encode());
        Pass(_third);
        await lost.Task.WaitAsync(TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<KeyValueLeaseEndedException>(() => _store.Put("a", _value, lease));
        Assert.Equal($"Lease {lease.Id} has ended: nothing was heard of its holder for its time to live, or it was revoked. Nothing was done; grant another lease.", failure.Message);
        Assert.Equal(lease.Id, failure.Lease);
        await Assert.ThrowsAsync<KeyValueLeaseEndedException>(() => _store.Transact([], [KeyValueOperation.Put("a", _value, lease), KeyValueOperation.Put("b", _value)]));
        Assert.Null(await _store.Get("b"));
        await lease.Revoke(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_put_takes_a_key_from_its_lease_or_gives_it_to_another()
    {
        await using var kept = await Grant();
        var given = await Grant();
        await _store.Put("free", _value, given);
        await _store.Put("free", _value);
        await _store.Put("moved", _value, given);
        await _store.Transact([], [KeyValueOperation.Put("moved", _value, kept), KeyValueOperation.Put("ends", _value, given)]);
        await given.Revoke(TestContext.Current.CancellationToken);
        Assert.Equal(2, (await _store.Get("free"))!.Version);
        Assert.Equal(kept.Id, (await _store.Get("moved"))!.Lease);
        Assert.Null(await _store.Get("ends"));
    }

    [Fact]
    public async Task A_grant_whose_outcome_is_unknown_is_repeated_and_is_one_lease()
    {
        var times = 0;
        _commands.After = () => ++times <= 2 ? throw new OutcomeUnknownException("leadership was lost") : Task.CompletedTask;
        var lease = await Grant();
        Assert.Equal(3, _group.Commands);
        Assert.Equal([lease.Id], Leases());
        await lease.DisposeAsync();
        Assert.Empty(Leases());
    }

    [Fact]
    public async Task A_grant_whose_answer_comes_too_late_to_rely_on_is_repeated()
    {
        var times = 0;
        _commands.After = () =>
        {
            _time.Advance(++times <= 2 ? _timeToLive * 0.95 : TimeSpan.Zero);
            return Task.CompletedTask;
        };
        await using var lease = await Grant();
        Assert.Equal(3, _group.Commands);
        Assert.True(lease.IsHeld);

        times = -10;
        var failure = await Assert.ThrowsAsync<GroupUnavailableException>(Grant);
        Assert.StartsWith("A lease of 00:00:30 was granted 5 times", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.999)]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(86400.001)]
    public async Task A_lease_lives_a_second_to_a_day(double seconds)
    {
        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => _store.GrantLease(TimeSpan.FromSeconds(seconds)));
        Assert.StartsWith("A lease lives 00:00:01 to 1.00:00:00, but", failure.Message, StringComparison.Ordinal);
        Assert.Equal(0, _group.Commands);
    }

    [Fact]
    public async Task Without_a_lease_there_is_nothing_to_put_under()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => _store.Put("a", _value, null!, TestContext.Current.CancellationToken));
        Assert.Throws<ArgumentNullException>(() => KeyValueOperation.Put("a", _value, (KeyValueLease)null!));
        await using var lease = await Grant();
        await Assert.ThrowsAsync<InvalidRequestException>(() => _store.Put("", _value, lease));
    }

    private Task<KeyValueLease> Grant() => _store.GrantLease(_timeToLive, TestContext.Current.CancellationToken);

    /// <summary>Time passes for the holder and for the group.</summary>
    private void Pass(TimeSpan time)
    {
        _group.Pass(time);
        _time.Advance(time);
    }

    private IEnumerable<long> Leases()
    {
        using var bytes = new MemoryStream();
        _group.Machine.CaptureSnapshot()(bytes);
        bytes.Position = 0;
        return KeyValueSnapshot.Read(bytes, KeyValueHistoryBounds.Default).State.Leases.Keys;
    }

    /// <summary>Its timers count whole milliseconds, as real ones do, and so fire a little early.</summary>
    private sealed class WholeMilliseconds : FakeTimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new Timer(base.CreateTimer(callback, state, dueTime, period));

        private sealed class Timer(ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(TimeSpan.FromMilliseconds((long)dueTime.TotalMilliseconds), period);

            public void Dispose() => timer.Dispose();

            public ValueTask DisposeAsync() => timer.DisposeAsync();
        }
    }
}
