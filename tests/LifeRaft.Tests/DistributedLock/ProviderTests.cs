using LifeRaft.DistributedLock;
using LifeRaft.Tests.Locks;
using Medallion.Threading;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LifeRaft.Tests.DistributedLock;

public sealed class ProviderTests
{
    private readonly LockGroup _group = new();

    private static CancellationToken Stopped => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_cannot_be_provided_is_refused_at_once()
    {
        await using var locks = _group.Client();
        Assert.Throws<ArgumentNullException>(() => new RaftDistributedLockProvider(null!));
        Assert.Throws<ArgumentNullException>(() => new RaftDistributedLockProvider(null!, "locks/default"));
        Assert.Contains("1 s to 1 h", Assert.Throws<InvalidRequestException>(() => new RaftDistributedLockProvider(locks, new LockOptions { TimeToLive = TimeSpan.Zero })).Message, StringComparison.Ordinal);

        var provider = new RaftDistributedLockProvider(locks);
        Assert.Throws<ArgumentNullException>(() => provider.CreateLock(null!));
        Assert.Throws<ArgumentNullException>(() => provider.CreateReaderWriterLock(null!));
        Assert.Throws<ArgumentNullException>(() => provider.CreateUpgradeableReaderWriterLock(null!));
        Assert.Throws<ArgumentNullException>(() => RaftDistributedLockProvider.NameInGroup(null!));
    }

    [Fact]
    public void What_cannot_be_registered_is_refused_before_the_host_starts()
    {
        var services = new ServiceCollection();
        Assert.Throws<InvalidNameException>(() => services.AddRaftDistributedLocks("locks"));
        Assert.Throws<ArgumentNullException>(() => services.AddRaftDistributedLocks(null!));
        Assert.Throws<InvalidRequestException>(() => services.AddRaftDistributedLocks("locks/default", new LockOptions { Value = new byte[2000] }));
        Assert.Empty(services);
    }

    [Fact]
    public async Task What_is_acquired_has_the_options_of_its_provider()
    {
        await using var locks = _group.Client();
        var provider = new RaftDistributedLockProvider(locks, new LockOptions { TimeToLive = TimeSpan.FromSeconds(2), Value = "host-a"u8.ToArray(), Kind = LockKind.Shared });
        await using var handle = await provider.AcquireLockAsync("nightly", cancellationToken: Stopped);
        var holder = Assert.Single((await locks.Look("nightly", Stopped))!.Holders);
        Assert.Equal("host-a"u8.ToArray(), holder.Value.ToArray());
        Assert.Equal(LockMode.Exclusive, holder.Mode);
        _group.IsCutOff = true;
        _group.Pass(TimeSpan.FromSeconds(2));
        Assert.True(handle.HandleLostToken.IsCancellationRequested);
        _group.IsCutOff = false;
    }

    [Fact]
    public async Task Locks_that_were_given_to_it_outlive_it_and_end_it()
    {
        var locks = _group.Client();
        var provider = new RaftDistributedLockProvider(locks);
        var handle = await provider.AcquireLockAsync("nightly", cancellationToken: Stopped);
        await provider.DisposeAsync();
        provider.Dispose();
        Assert.False(handle.HandleLostToken.IsCancellationRequested);

        await locks.DisposeAsync();
        Assert.True(handle.HandleLostToken.IsCancellationRequested);
        Assert.Throws<ObjectDisposedException>(() => provider.AcquireLock("nightly", cancellationToken: Stopped));
        await handle.DisposeAsync();
    }

    [Fact]
    public async Task Several_locks_are_to_be_had_all_or_none_by_the_packages_own_means()
    {
        await using var locks = _group.Client();
        var provider = new RaftDistributedLockProvider(locks);
        await using (await provider.AcquireAllLocksAsync(["a", "b", "c"], cancellationToken: Stopped))
        {
            Assert.Null(await provider.TryAcquireAllLocksAsync(["d", "b"], cancellationToken: Stopped));
            Assert.NotNull(_group.Look("c"));
        }

        Assert.All(["a", "b", "c", "d"], name => Assert.Null(_group.Look(name)));
    }
}
