using Xunit;

namespace LifeRaft.Tests.Locks;

/// <summary>The client of locks against one machine, and a clock that the test moves.</summary>
public sealed class RaftLocksTests
{
    private static readonly LockOptions _brief = new() { TimeToLive = TimeSpan.FromSeconds(3) };
    private readonly LockGroup _group = new();

    [Fact]
    public async Task A_lock_goes_from_one_to_the_next_with_a_larger_token()
    {
        await using var locks = _group.Client();
        var first = await locks.Acquire("nightly", new LockOptions { Value = "host-a"u8.ToArray() });
        var second = locks.Acquire("nightly");
        await _group.Until(() => _group.Look("nightly") is { WaiterCount: 1 });

        Assert.False(second.IsCompleted);
        Assert.True(first.IsHeld);
        Assert.Equal("host-a"u8.ToArray(), (await locks.Look("nightly"))!.Holders.Single().Value.ToArray());
        await first.DisposeAsync();
        await first.DisposeAsync();

        var next = await second;
        Assert.True(next.FencingToken > first.FencingToken);
        Assert.False(first.IsHeld);
        Assert.False(first.Lost.IsCancellationRequested);
        await next.DisposeAsync();
        Assert.Null(await locks.Look("nightly"));
    }

    [Fact]
    public async Task What_is_held_or_waited_for_is_kept_alive_by_one_command_for_all()
    {
        await using var locks = _group.Client();
        var held = new[] { await locks.Acquire("a", _brief), await locks.Acquire("b", _brief), await locks.Acquire("c", _brief) };
        await using var others = _group.Client();
        var waiting = others.Acquire("a", _brief);
        await _group.Until(() => _group.Look("a") is { WaiterCount: 1 });

        var before = _group.Commands;
        _group.Pass(TimeSpan.FromSeconds(30));
        Assert.InRange(_group.Commands - before, 50, 66); // Two clients, each about a command in a second.
        Assert.All(held, handle => Assert.True(handle.IsHeld));
        await held[0].DisposeAsync();
        Assert.True((await waiting).IsHeld);
    }

    [Fact]
    public async Task A_holder_that_is_cut_off_stops_before_the_lock_goes_to_the_next()
    {
        var cut = new LockGroup();
        await using var locks = cut.Client();
        var handle = await locks.Acquire("a", _brief);
        var lost = new TaskCompletionSource();
        handle.Lost.Register(lost.SetResult);
        cut.IsCutOff = true;
        cut.Pass(TimeSpan.FromSeconds(2.65));
        Assert.True(handle.IsHeld);
        cut.Pass(TimeSpan.FromSeconds(0.1));
        Assert.True(handle.Lost.IsCancellationRequested);
        Assert.False(handle.IsHeld);
        Assert.Equal(1, cut.Look("a")!.HolderCount);
        await lost.Task;

        cut.Pass(TimeSpan.FromSeconds(0.3));
        Assert.Null(cut.Look("a"));
        cut.IsCutOff = false;
        await handle.DisposeAsync();
    }

    [Fact]
    public async Task A_holder_that_stood_still_finds_out_by_looking_at_the_clock_and_stays_lost()
    {
        var locks = new RaftLocks(_group, new NoTimers(_group.Time));
        var handle = await locks.Acquire("a", _brief);
        _group.Time.Advance(TimeSpan.FromSeconds(2.7));
        Assert.False(handle.IsHeld);
        Assert.True(handle.Lost.IsCancellationRequested);
        await Task.WhenAll(handle.DisposeAsync().AsTask(), locks.DisposeAsync().AsTask());
        Assert.False(handle.IsHeld);
    }

    [Fact]
    public async Task One_that_does_not_wait_leaves_nothing_behind()
    {
        await using var locks = _group.Client();
        await using var handle = await locks.Acquire("a");
        var before = _group.Commands;
        Assert.Null(await locks.TryAcquire("a", TimeSpan.Zero));
        Assert.Equal(before + 1, _group.Commands);
        Assert.Equal(0, _group.Look("a")!.WaiterCount);

        var late = locks.TryAcquire("a", TimeSpan.FromSeconds(2));
        await _group.Until(() => _group.Look("a") is { WaiterCount: 1 });
        _group.Pass(TimeSpan.FromSeconds(2));
        Assert.Null(await late);
        await _group.Until(() => _group.Look("a") is { WaiterCount: 0 });
        Assert.True(handle.IsHeld);
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_queue()
    {
        await using var locks = _group.Client();
        var handle = await locks.Acquire("a");
        using var giveUp = new CancellationTokenSource();
        var waiting = locks.Acquire("a", null, giveUp.Token);
        await _group.Until(() => _group.Look("a") is { WaiterCount: 1 });
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await _group.Until(() => _group.Look("a") is { WaiterCount: 0 });
        await handle.DisposeAsync();
        Assert.Null(_group.Look("a"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => locks.Acquire("a", null, giveUp.Token));
        Assert.Null(_group.Look("a"));
    }

    [Fact]
    public async Task A_request_whose_answer_was_lost_is_repeated_and_has_its_place_once()
    {
        await using var locks = _group.Client();
        _group.LostAnswers = 2;
        var handle = await locks.Acquire("a");
        Assert.Equal(3, _group.Commands);
        Assert.Equal(new FencingToken(1), handle.FencingToken);
        Assert.Equal(1, _group.Look("a")!.HolderCount);

        _group.LostAnswers = 2;
        await handle.DisposeAsync();
        Assert.Null(_group.Look("a"));
    }

    [Fact]
    public async Task A_group_that_never_answers_is_unavailable_and_the_request_is_withdrawn()
    {
        await using var locks = _group.Client();
        _group.LostAnswers = 3;
        await Assert.ThrowsAsync<GroupUnavailableException>(() => locks.Acquire("a"));
        await _group.Until(() => _group.Look("a") is null);
    }

    [Fact]
    public async Task A_copy_that_was_under_way_for_long_does_not_take_the_lock_after_its_end()
    {
        await using var locks = _group.Client();
        _group.There = TimeSpan.FromSeconds(2);
        using var giveUp = new CancellationTokenSource();
        var acquiring = locks.Acquire("a", null, giveUp.Token);
        _group.There = TimeSpan.Zero;
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => acquiring);
        await _group.Until(() => _group.Commands == 1);
        _group.Pass(TimeSpan.FromSeconds(3));
        Assert.Equal(2, _group.Commands);
        Assert.Null(_group.Look("a"));
    }

    [Fact]
    public async Task Readers_share_a_lock_and_a_writer_is_not_starved_by_those_who_come_later()
    {
        await using var locks = _group.Client();
        var shared = new LockOptions { Kind = LockKind.Shared };
        var readers = new[] { await locks.Acquire("a", shared), await locks.Acquire("a", shared) };
        var writer = locks.Acquire("a");
        await _group.Until(() => _group.Look("a") is { WaiterCount: 1 });
        var late = locks.Acquire("a", shared);
        await _group.Until(() => _group.Look("a") is { WaiterCount: 2 });

        await readers[0].DisposeAsync();
        Assert.False(writer.IsCompleted);
        await readers[1].DisposeAsync();
        var written = await writer;
        Assert.All(readers, reader => Assert.True(written.FencingToken > reader.FencingToken));
        Assert.False(late.IsCompleted);
        await written.DisposeAsync();
        Assert.True((await late).FencingToken > written.FencingToken);
    }

    [Fact]
    public async Task A_semaphore_admits_as_many_as_its_limit()
    {
        await using var locks = _group.Client();
        var three = new LockOptions { Kind = LockKind.Semaphore(3) };
        var held = new[] { await locks.Acquire("a", three), await locks.Acquire("a", three), await locks.Acquire("a", three) };
        Assert.Null(await locks.TryAcquire("a", TimeSpan.Zero, three));
        var waiting = locks.Acquire("a", three);
        await held[1].DisposeAsync();
        Assert.True((await waiting).IsHeld);

        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => locks.Acquire("a", new LockOptions { Kind = LockKind.Semaphore(4) }));
        Assert.Equal("'a' is in use as a semaphore of 3, so it cannot be acquired as Semaphore(4). Use another name, or the same kind everywhere.", failure.Message);
        await Assert.ThrowsAsync<InvalidRequestException>(() => locks.TryAcquire("a", TimeSpan.Zero));
        Assert.Equal((3, 0), (_group.Look("a")!.HolderCount, _group.Look("a")!.WaiterCount));
    }

    [Fact]
    public async Task An_upgradeable_reader_becomes_the_writer_when_the_others_have_gone_or_stays_what_it_is()
    {
        await using var locks = _group.Client();
        var upgradeable = await locks.Acquire("a", new LockOptions { Kind = LockKind.Upgradeable });
        var reader = await locks.Acquire("a", new LockOptions { Kind = LockKind.Shared });
        Assert.Null(await locks.TryAcquire("a", TimeSpan.Zero, new LockOptions { Kind = LockKind.Upgradeable }));
        Assert.False(await upgradeable.TryUpgrade(TimeSpan.Zero));

        var before = _group.Commands;
        var tooLate = upgradeable.TryUpgrade(TimeSpan.FromSeconds(1));
        await _group.Until(() => _group.Commands == before + 1);
        Assert.Null(await locks.TryAcquire("a", TimeSpan.Zero, new LockOptions { Kind = LockKind.Shared }));
        _group.Pass(TimeSpan.FromSeconds(1));
        Assert.False(await tooLate);
        await (await locks.Acquire("a", new LockOptions { Kind = LockKind.Shared })).DisposeAsync();

        var token = upgradeable.FencingToken;
        var upgrade = upgradeable.Upgrade();
        await reader.DisposeAsync();
        await upgrade;
        Assert.Equal(LockMode.Exclusive, upgradeable.Mode);
        Assert.True(upgradeable.FencingToken > reader.FencingToken && upgradeable.FencingToken > token);
        Assert.True(await upgradeable.TryUpgrade(TimeSpan.Zero));
        await upgradeable.DisposeAsync();
        Assert.Null(_group.Look("a"));
    }

    [Fact]
    public async Task A_waiter_that_the_group_has_forgotten_queues_again()
    {
        await using var locks = _group.Client();
        await using var others = _group.Client();
        var handle = await others.Acquire("a", new LockOptions { TimeToLive = TimeSpan.FromMinutes(1) });
        var waiting = locks.Acquire("a", _brief);
        await _group.Until(() => _group.Look("a") is { WaiterCount: 1 });
        var before = _group.Commands;
        _group.Pass(TimeSpan.FromSeconds(0.9), rate: 4); // Faster than clocks may differ: the first word of the waiter comes too late.
        await _group.Until(() => _group.Commands >= before + 2 && _group.Look("a") is { WaiterCount: 1 });
        await handle.DisposeAsync();
        Assert.True((await waiting).IsHeld);
    }

    [Fact]
    public async Task A_waiter_that_is_cut_off_for_too_long_hears_that_the_group_is_unavailable()
    {
        await using var locks = _group.Client();
        await using var others = _group.Client();
        await using var handle = await others.Acquire("a", new LockOptions { TimeToLive = TimeSpan.FromMinutes(1) });
        var waiting = locks.Acquire("a", _brief);
        await _group.Until(() => _group.Look("a") is { WaiterCount: 1 });
        _group.IsCutOff = true;
        _group.Pass(TimeSpan.FromSeconds(4));
        Assert.Equal(0, _group.Look("a")!.WaiterCount);
        await _group.Until(() => _group.IsStuck<AcquireLock>()); // It queues again, in vain.
        _group.IsCutOff = false;
        await Assert.ThrowsAsync<GroupUnavailableException>(() => waiting);
        Assert.Equal(0, _group.Look("a")!.WaiterCount);
    }

    [Fact]
    public async Task Closing_the_client_loses_and_releases_all_it_holds()
    {
        var locks = _group.Client();
        var handle = await locks.Acquire("a");
        var waiting = locks.Acquire("a");
        await _group.Until(() => _group.Look("a") is { WaiterCount: 1 });
        await locks.DisposeAsync();
        Assert.True(handle.Lost.IsCancellationRequested);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting);
        await _group.Until(() => _group.Look("a") is null);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => locks.Acquire("a"));
        await handle.DisposeAsync();
    }

    [Fact]
    public async Task Locks_are_listed_by_name_in_pages()
    {
        await using var locks = _group.Client();
        for (var i = 0; i < 150; i++)
        {
            await locks.Acquire($"jobs/{i:000}");
        }

        await locks.Acquire("other");
        var names = new List<string>();
        await foreach (var state in locks.List("jobs/"))
        {
            names.Add(state.Name);
        }

        Assert.Equal(Enumerable.Range(0, 150).Select(i => $"jobs/{i:000}"), names);
    }

    private sealed class NoTimers(TimeProvider time) : TimeProvider
    {
        public override long TimestampFrequency => time.TimestampFrequency;

        public override long GetTimestamp() => time.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            time.CreateTimer(_ => { }, null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
