using System.Runtime.CompilerServices;
using LifeRaft.DistributedLock;
using LifeRaft.Tests.Locks;
using Medallion.Threading;
using Xunit;

namespace LifeRaft.Tests.DistributedLock;

/// <summary>
/// What the package asks of anything that one at a time can hold, after its own tests. Each of the interfaces has something of the kind, and
/// inherits this.
/// </summary>
public abstract class ExclusiveLockContract : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan _short = TimeSpan.FromSeconds(2);
    private readonly LockGroup _group = new();
    private readonly RaftDistributedLockProvider _provider;

    protected ExclusiveLockContract() => _provider = new RaftDistributedLockProvider(_group.Client());

    private static CancellationToken Stopped => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _group.IsCutOff = false;
        await _provider.Locks.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    protected abstract IDistributedLock Create(RaftDistributedLockProvider provider, string name);

    [Fact]
    public void One_at_a_time_has_it_by_blocking_calls()
    {
        var nightly = Nightly();
        using (var handle = nightly.TryAcquire(cancellationToken: Stopped))
        {
            Assert.NotNull(handle);
            Assert.Null(nightly.TryAcquire(cancellationToken: Stopped));
            Assert.Null(Nightly().TryAcquire(cancellationToken: Stopped));
            using var other = Create(_provider, "nightly2").TryAcquire(cancellationToken: Stopped);
            Assert.NotNull(other);
        }

        using var again = nightly.Acquire(cancellationToken: Stopped);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task One_at_a_time_has_it_by_asynchronous_calls()
    {
        var nightly = Nightly();
        await using (var handle = await nightly.TryAcquireAsync(cancellationToken: Stopped))
        {
            Assert.NotNull(handle);
            Assert.Null(await nightly.TryAcquireAsync(cancellationToken: Stopped));
            Assert.Null(await Nightly().TryAcquireAsync(cancellationToken: Stopped));
            await using var other = await Create(_provider, "nightly2").AcquireAsync(cancellationToken: Stopped);
            Assert.NotNull(other);
        }

        await using var again = await nightly.AcquireAsync(cancellationToken: Stopped);
        Assert.NotNull(again);
    }

    [Fact]
    public async Task Each_holder_has_a_larger_token()
    {
        var tokens = new List<FencingToken>();
        for (var i = 0; i < 5; i++)
        {
            await using var handle = await Nightly().AcquireAsync(cancellationToken: Stopped);
            tokens.Add(((RaftDistributedLockHandle)handle).FencingToken);
        }

        Assert.Equal(tokens.Distinct().Order(), tokens);
        Assert.True(tokens[0] > FencingToken.None);
    }

    [Fact]
    public async Task Who_does_not_get_it_in_time_gets_null_or_an_exception()
    {
        await using var handle = await Nightly().AcquireAsync(cancellationToken: Stopped);
        await Assert.ThrowsAsync<TimeoutException>(() => Late(() => Task.Run(() => Nightly().Acquire(_short, Stopped), Stopped)));
        await Assert.ThrowsAsync<TimeoutException>(() => Late(() => Nightly().AcquireAsync(_short, Stopped).AsTask()));
        Assert.Null(await Late(() => Task.Run(() => Nightly().TryAcquire(_short, Stopped), Stopped)));
        Assert.Null(await Late(() => Nightly().TryAcquireAsync(_short, Stopped).AsTask()));
        Assert.Throws<TimeoutException>(() => Nightly().Acquire(TimeSpan.Zero, Stopped));
        var message = (await Assert.ThrowsAsync<TimeoutException>(async () => await Nightly().AcquireAsync(TimeSpan.Zero, Stopped))).Message;
        Assert.Contains("'nightly'", message, StringComparison.Ordinal);
        await _group.Until(() => _group.Look("nightly") is { HolderCount: 1, WaiterCount: 0 });
    }

    [Fact]
    public async Task Who_waits_gets_it_when_it_is_released()
    {
        var handle = await Nightly().AcquireAsync(cancellationToken: Stopped);
        var blocked = Task.Run(() => Nightly().Acquire(_patience), Stopped);
        await Waiters(1);
        var waiting = Nightly().AcquireAsync(cancellationToken: Stopped).AsTask();
        await Waiters(2);
        await handle.DisposeAsync();
        (await blocked.WaitAsync(_patience, Stopped)).Dispose();
        await (await waiting.WaitAsync(_patience, Stopped)).DisposeAsync();
    }

    [Fact]
    public async Task Who_waits_can_give_up()
    {
        await using var handle = await Nightly().AcquireAsync(cancellationToken: Stopped);
        using var giveUp = new CancellationTokenSource();
        var blocked = Task.Run(() => Nightly().Acquire(cancellationToken: giveUp.Token), Stopped);
        var waiting = Nightly().AcquireAsync(cancellationToken: giveUp.Token).AsTask();
        var trying = Nightly().TryAcquireAsync(_patience, giveUp.Token).AsTask();
        await Waiters(3);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => blocked.WaitAsync(_patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(_patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trying.WaitAsync(_patience));
        Assert.True(waiting.IsCanceled);
        Assert.True(trying.IsCanceled);
        await Waiters(0);
    }

    [Fact]
    public async Task Who_gave_up_before_does_not_even_ask()
    {
        var given = new CancellationToken(canceled: true);
        Assert.ThrowsAny<OperationCanceledException>(() => Nightly().Acquire(cancellationToken: given));
        Assert.ThrowsAny<OperationCanceledException>(() => Nightly().TryAcquire(cancellationToken: given));
        var (acquiring, trying) = (Nightly().AcquireAsync(cancellationToken: given).AsTask(), Nightly().TryAcquireAsync(cancellationToken: given).AsTask());
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => acquiring);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trying);
        Assert.True(acquiring.IsCanceled && trying.IsCanceled);
        Assert.Equal(0, _group.Commands);
    }

    [Fact]
    public void Times_out_of_bounds_are_refused_by_the_call_and_not_only_by_its_task()
    {
        foreach (var timeout in new[] { TimeSpan.FromSeconds(-2), TimeSpan.FromSeconds(int.MaxValue), TimeSpan.MaxValue, TimeSpan.MinValue })
        {
            foreach (var ask in new Action[]
            {
                () => Nightly().Acquire(timeout, Stopped),
                () => Nightly().TryAcquire(timeout, Stopped),
                () => _ = Nightly().AcquireAsync(timeout, Stopped).AsTask(),
                () => _ = Nightly().TryAcquireAsync(timeout, Stopped).AsTask(),
            })
            {
                Assert.Equal("timeout", Assert.Throws<ArgumentOutOfRangeException>(ask).ParamName);
            }
        }

        Assert.Equal(0, _group.Commands);
        Nightly().Acquire(TimeSpan.FromMilliseconds(int.MaxValue), Stopped).Dispose();
        Nightly().Acquire(Timeout.InfiniteTimeSpan, Stopped).Dispose();
    }

    [Fact]
    public async Task To_dispose_of_it_twice_releases_nothing_of_the_next_holder()
    {
        var first = Nightly().Acquire(cancellationToken: Stopped);
        first.Dispose();
        var second = await Nightly().AcquireAsync(cancellationToken: Stopped);
        first.Dispose();
        await first.DisposeAsync();
        Assert.Null(Nightly().TryAcquire(cancellationToken: Stopped));
        await second.DisposeAsync();
        second.Dispose();
        Nightly().Acquire(cancellationToken: Stopped).Dispose();
    }

    [Fact]
    public async Task The_holder_hears_that_it_is_lost_before_another_has_it()
    {
        var handle = await Nightly().AcquireAsync(cancellationToken: Stopped);
        var lost = new TaskCompletionSource();
        var token = handle.HandleLostToken;
        await using var registration = token.Register(lost.SetResult);
        _group.Pass(TimeSpan.FromMinutes(1));
        Assert.True(token.CanBeCanceled);
        Assert.False(token.IsCancellationRequested);

        _group.IsCutOff = true;
        _group.Pass(LockOptions.Default.TimeToLive);
        await lost.Task.WaitAsync(_patience, Stopped);
        Assert.True(handle.HandleLostToken.IsCancellationRequested);
        _group.IsCutOff = false;
        await _group.Until(() => _group.Look("nightly") is null);
        await handle.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => handle.HandleLostToken);
    }

    [Fact]
    public async Task To_release_it_is_not_to_lose_it()
    {
        var handle = await Nightly().AcquireAsync(cancellationToken: Stopped);
        var token = handle.HandleLostToken;
        handle.Dispose();
        _group.Pass(TimeSpan.FromMinutes(1));
        Assert.False(token.IsCancellationRequested);
        Assert.Throws<ObjectDisposedException>(() => handle.HandleLostToken);
        Assert.True(((RaftDistributedLockHandle)handle).FencingToken > FencingToken.None);
    }

    [Fact]
    public async Task A_handle_that_was_forgotten_releases_it()
    {
        Forget();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        await _group.Until(() => _group.Look("nightly") is null);

        [MethodImpl(MethodImplOptions.NoInlining)]
        void Forget() => Nightly().Acquire(cancellationToken: Stopped);
    }

    [Fact]
    public async Task Of_a_hundred_each_has_it_alone()
    {
        var (inside, entered) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(
            async () =>
            {
                await using var handle = await Nightly().AcquireAsync(cancellationToken: Stopped);
                Assert.Equal(1, Interlocked.Increment(ref inside));
                entered++;
                await Task.Yield();
                Assert.Equal(0, Interlocked.Decrement(ref inside));
            },
            Stopped)));
        Assert.Equal(100, entered);
    }

    [Fact]
    public async Task Blocking_calls_need_nothing_of_a_thread_that_others_wait_for()
    {
        var thread = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            SynchronizationContext.SetSynchronizationContext(new DeadContext());
            try
            {
                Nightly().Acquire(_patience).Dispose();
                using (var handle = Nightly().TryAcquire())
                {
                    Assert.NotNull(handle);
                }

                var nightly = Nightly().AcquireAsync(_patience).AsTask().GetAwaiter().GetResult();
                Assert.Null(Nightly().TryAcquireAsync().AsTask().GetAwaiter().GetResult());
                nightly.DisposeAsync().AsTask().GetAwaiter().GetResult();
                thread.SetResult();
            }
            catch (Exception failure)
            {
                thread.SetException(failure);
            }
        })
        { IsBackground = true }.Start();
        await thread.Task.WaitAsync(_patience, Stopped);
    }

    [Fact]
    public void Any_string_is_a_name()
    {
        var names = new[] { "", " ", "a", "A", "\0", "\ud800", "\udbff", new string('a', 1000), new string('a', 999) + "A", "\u00e4", "a\u0308", "../x/\\:", "\U0001f512" };
        var handles = names.Select(name => Create(_provider, name).TryAcquire(cancellationToken: Stopped)).ToList();
        Assert.DoesNotContain(null, handles);
        Assert.All(names, name => Assert.Equal(name, Create(_provider, name).Name));
        Assert.All(names, name => Assert.Null(Create(_provider, name).TryAcquire(cancellationToken: Stopped)));
        Assert.All(names, name => Assert.Equal(1, _group.Look(RaftDistributedLockProvider.NameInGroup(name))!.HolderCount));
        handles.ForEach(handle => handle!.Dispose());
    }

    private IDistributedLock Nightly() => Create(_provider, "nightly");

    private Task Waiters(int count) => _group.Until(() => _group.Look("nightly") is { } state && state.WaiterCount == count);

    /// <summary>Someone waits, alone, and time passes.</summary>
    private async Task<T> Late<T>(Func<Task<T>> wait)
    {
        await Waiters(0);
        var waiting = wait();
        await Waiters(1);
        _group.Pass(_short);
        return await waiting.WaitAsync(_patience, Stopped);
    }

    /// <summary>Whoever comes back to it never goes on.</summary>
    private sealed class DeadContext : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
        }
    }
}
