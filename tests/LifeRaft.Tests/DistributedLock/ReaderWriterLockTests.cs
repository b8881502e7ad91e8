using LifeRaft.DistributedLock;
using LifeRaft.Tests.Locks;
using Medallion.Threading;
using Xunit;

namespace LifeRaft.Tests.DistributedLock;

public sealed class ReaderWriterLockTests : IAsyncDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(120);
    private readonly LockGroup _group = new();
    private readonly RaftDistributedLockProvider _provider;

    public ReaderWriterLockTests() => _provider = new RaftDistributedLockProvider(_group.Client());

    private static CancellationToken Stopped => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _provider.Locks.DisposeAsync();

    [Fact]
    public async Task Readers_share_and_a_writer_is_alone()
    {
        var first = Report().TryAcquireReadLock(cancellationToken: Stopped);
        var second = await Report().TryAcquireReadLockAsync(cancellationToken: Stopped);
        Assert.NotNull(first);
        Assert.NotNull(second);
        Assert.Null(Report().TryAcquireWriteLock(cancellationToken: Stopped));
        var writing = Report().AcquireWriteLockAsync(cancellationToken: Stopped).AsTask();
        await Waiters(1);
        first.Dispose();
        Assert.False(writing.IsCompleted);
        await second.DisposeAsync();
        var writer = await writing.WaitAsync(_patience, Stopped);
        Assert.Null(Report().TryAcquireWriteLock(cancellationToken: Stopped));
        Assert.Null(await Report().TryAcquireReadLockAsync(cancellationToken: Stopped));
        Assert.True(Token(writer) > Token(first));
        writer.Dispose();
        Report().AcquireReadLock(cancellationToken: Stopped).Dispose();
    }

    [Fact]
    public async Task Readers_do_not_overtake_a_writer_that_waits()
    {
        var reader = await Report().AcquireReadLockAsync(cancellationToken: Stopped);
        var writing = Task.Run(() => Report().AcquireWriteLock(), Stopped);
        await Waiters(1);
        Assert.Null(Report().TryAcquireReadLock(cancellationToken: Stopped));
        reader.Dispose();
        (await writing.WaitAsync(_patience, Stopped)).Dispose();
    }

    [Fact]
    public void A_lock_is_the_writers_half_of_the_reader_writer_lock_of_its_name()
    {
        using var handle = _provider.CreateLock("report").Acquire(cancellationToken: Stopped);
        Assert.Null(Report().TryAcquireReadLock(cancellationToken: Stopped));
        Assert.Null(Report().TryAcquireWriteLock(cancellationToken: Stopped));
        Assert.Null(Report().TryAcquireUpgradeableReadLock(cancellationToken: Stopped));
    }

    [Fact]
    public async Task One_reader_can_become_the_writer_when_the_others_have_gone()
    {
        var reader = Report().AcquireReadLock(cancellationToken: Stopped);
        var upgradeable = Report().AcquireUpgradeableReadLock(cancellationToken: Stopped);
        Assert.Null(await Report().TryAcquireUpgradeableReadLockAsync(cancellationToken: Stopped));
        Assert.False(upgradeable.TryUpgradeToWriteLock(cancellationToken: Stopped));
        Assert.False(await upgradeable.TryUpgradeToWriteLockAsync(cancellationToken: Stopped));
        Report().AcquireReadLock(cancellationToken: Stopped).Dispose();
        var before = Token(upgradeable);

        var upgrading = upgradeable.UpgradeToWriteLockAsync(cancellationToken: Stopped).AsTask();
        await _group.Until(() => !TryRead());
        Assert.Throws<InvalidOperationException>(() => upgradeable.TryUpgradeToWriteLock(cancellationToken: Stopped));
        reader.Dispose();
        await upgrading.WaitAsync(_patience, Stopped);
        Assert.True(Token(upgradeable) > before);
        Assert.Null(Report().TryAcquireReadLock(cancellationToken: Stopped));
        Assert.Throws<InvalidOperationException>(() => upgradeable.TryUpgradeToWriteLock(cancellationToken: Stopped));
        Assert.Throws<InvalidOperationException>(() => upgradeable.UpgradeToWriteLock(cancellationToken: Stopped));
        upgradeable.Dispose();
        Report().AcquireReadLock(cancellationToken: Stopped).Dispose();
    }

    [Fact]
    public async Task An_upgrade_that_is_given_up_leaves_a_read_lock_that_can_be_upgraded_later()
    {
        var reader = Report().AcquireReadLock(cancellationToken: Stopped);
        await using var upgradeable = await Report().AcquireUpgradeableReadLockAsync(cancellationToken: Stopped);
        using var giveUp = new CancellationTokenSource();
        var cancelled = Task.Run(() => upgradeable.UpgradeToWriteLock(cancellationToken: giveUp.Token), Stopped);
        await _group.Until(() => !TryRead());
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(_patience));
        await _group.Until(TryRead);

        var late = upgradeable.UpgradeToWriteLockAsync(TimeSpan.FromSeconds(2), Stopped).AsTask();
        await _group.Until(() => !TryRead());
        _group.Pass(TimeSpan.FromSeconds(2));
        await Assert.ThrowsAsync<TimeoutException>(() => late.WaitAsync(_patience));
        Assert.True(TryRead());

        await reader.DisposeAsync();
        Assert.True(upgradeable.TryUpgradeToWriteLock(cancellationToken: Stopped));
    }

    [Fact]
    public async Task An_upgrade_of_what_is_lost_or_disposed_of_fails()
    {
        var reader = Report().AcquireReadLock(cancellationToken: Stopped);
        var upgradeable = Report().AcquireUpgradeableReadLock(cancellationToken: Stopped);
        _group.IsCutOff = true;
        _group.Pass(LockOptions.Default.TimeToLive);
        Assert.True(upgradeable.HandleLostToken.IsCancellationRequested);
        _group.IsCutOff = false;
        await Assert.ThrowsAsync<LockLostException>(async () => await upgradeable.TryUpgradeToWriteLockAsync(_patience, Stopped));

        reader.Dispose();
        upgradeable.Dispose();
        foreach (var ask in new Action[]
        {
            () => upgradeable.TryUpgradeToWriteLock(cancellationToken: Stopped),
            () => upgradeable.UpgradeToWriteLock(cancellationToken: Stopped),
            () => _ = upgradeable.TryUpgradeToWriteLockAsync(cancellationToken: Stopped).AsTask(),
            () => _ = upgradeable.UpgradeToWriteLockAsync(cancellationToken: Stopped).AsTask(),
        })
        {
            Assert.Throws<ObjectDisposedException>(ask);
        }
    }

    [Fact]
    public void Times_out_of_bounds_are_refused_by_the_call()
    {
        using var upgradeable = Report().AcquireUpgradeableReadLock(cancellationToken: Stopped);
        foreach (var timeout in new[] { TimeSpan.FromSeconds(-2), TimeSpan.FromSeconds(int.MaxValue) })
        {
            foreach (var ask in new Action[]
            {
                () => Report().AcquireReadLock(timeout, Stopped),
                () => Report().TryAcquireReadLock(timeout, Stopped),
                () => _ = Report().AcquireReadLockAsync(timeout, Stopped).AsTask(),
                () => _ = Report().TryAcquireReadLockAsync(timeout, Stopped).AsTask(),
                () => upgradeable.UpgradeToWriteLock(timeout, Stopped),
                () => upgradeable.TryUpgradeToWriteLock(timeout, Stopped),
                () => _ = upgradeable.UpgradeToWriteLockAsync(timeout, Stopped).AsTask(),
                () => _ = upgradeable.TryUpgradeToWriteLockAsync(timeout, Stopped).AsTask(),
            })
            {
                Assert.Throws<ArgumentOutOfRangeException>(ask);
            }
        }

        Assert.True(upgradeable.TryUpgradeToWriteLock(cancellationToken: Stopped));
    }

    private IDistributedUpgradeableReaderWriterLock Report() => _provider.CreateUpgradeableReaderWriterLock("report");

    private bool TryRead()
    {
        using var handle = Report().TryAcquireReadLock(cancellationToken: Stopped);
        return handle is not null;
    }

    private Task Waiters(int count) => _group.Until(() => _group.Look("report") is { } state && state.WaiterCount == count);

    private static FencingToken Token(IDistributedSynchronizationHandle handle) => ((RaftDistributedLockHandle)handle).FencingToken;
}
