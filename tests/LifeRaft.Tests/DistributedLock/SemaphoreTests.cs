using LifeRaft.DistributedLock;
using LifeRaft.Tests.Locks;
using Medallion.Threading;
using Xunit;

namespace LifeRaft.Tests.DistributedLock;

public sealed class SemaphoreTests : IAsyncDisposable
{
    private readonly LockGroup _group = new();
    private readonly RaftDistributedLockProvider _provider;

    public SemaphoreTests() => _provider = new RaftDistributedLockProvider(_group.Client());

    private static CancellationToken Stopped => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _provider.Locks.DisposeAsync();

    [Fact]
    public void As_many_hold_it_as_it_has_permits()
    {
        var (here, there) = (_provider.CreateSemaphore("uploads", 4), _provider.CreateSemaphore("uploads", 4));
        Assert.Equal(4, here.MaxCount);
        var handles = Enumerable.Range(0, 3).Select(_ => here.Acquire(cancellationToken: Stopped)).ToList();
        there.Acquire(cancellationToken: Stopped).Dispose();
        handles.Add(there.Acquire(cancellationToken: Stopped));
        Assert.Null(here.TryAcquire(cancellationToken: Stopped));
        Assert.Null(there.TryAcquire(cancellationToken: Stopped));
        handles[0].Dispose();
        handles[0].Dispose();
        here.Acquire(cancellationToken: Stopped).Dispose();
        handles.ForEach(handle => handle.Dispose());
        Assert.Null(_group.Look("uploads"));
    }

    [Fact]
    public async Task Of_a_hundred_never_more_than_the_permits_are_inside()
    {
        var (inside, most) = (0, 0);
        var counts = new Lock();
        await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => Task.Run(
            async () =>
            {
                await using var handle = await _provider.AcquireSemaphoreAsync("uploads", 3, cancellationToken: Stopped);
                lock (counts)
                {
                    most = Math.Max(most, ++inside);
                }

                await Task.Yield();
                lock (counts)
                {
                    inside--;
                }
            },
            Stopped)));
        Assert.Equal(0, inside);
        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public void A_count_beyond_what_a_group_lets_in_lets_in_as_many_as_the_group_does()
    {
        var endless = _provider.CreateSemaphore("endless", int.MaxValue);
        Assert.Equal(int.MaxValue, endless.MaxCount);
        var handles = Enumerable.Range(0, 100).Select(_ => endless.Acquire(cancellationToken: Stopped)).ToList();
        Assert.Equal(10_000, _group.Look("endless")!.Limit);
        handles.ForEach(handle => handle.Dispose());
    }

    [Fact]
    public void A_count_below_one_is_refused_when_the_semaphore_is_made()
    {
        Assert.Equal("maxCount", Assert.Throws<ArgumentOutOfRangeException>(() => _provider.CreateSemaphore("uploads", 0)).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => _provider.CreateSemaphore("uploads", -1));
        Assert.Throws<ArgumentNullException>(() => _provider.CreateSemaphore(null!, 1));
    }

    [Fact]
    public void A_name_that_is_in_use_as_something_else_is_refused_with_what_it_is()
    {
        using var permit = _provider.CreateSemaphore("uploads", 4).Acquire(cancellationToken: Stopped);
        Refused(() => _provider.CreateSemaphore("uploads", 5).TryAcquire(cancellationToken: Stopped), "a semaphore of 4");
        Refused(() => _provider.CreateLock("uploads").Acquire(cancellationToken: Stopped), "a semaphore of 4");

        static void Refused(Action ask, string why) =>
            Assert.Contains(why, Assert.Throws<InvalidRequestException>(ask).Message, StringComparison.Ordinal);
    }
}
