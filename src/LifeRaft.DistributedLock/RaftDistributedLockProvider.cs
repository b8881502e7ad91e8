using Medallion.Threading;

namespace LifeRaft.DistributedLock;

/// <summary>
/// Locks of a LifeRaft group for code that is written against the interfaces of the DistributedLock.Core package. The blocking calls can be
/// made from a grain, and under a synchronization context; each holds a thread while it waits, so many are better asynchronous. Safe for
/// concurrent use; one for each process and group is enough.
/// </summary>
/// <remarks>
/// <para>A lock is the writers' half of the reader-writer lock of the same name. A semaphore is neither: as long as anybody holds a name as the one, or
/// waits for it, acquiring it as the other fails with an <see cref="InvalidRequestException"/>; so does a semaphore with another count.</para>
/// <para>The handles are of <see cref="RaftDistributedLockHandle"/>, which has the fencing token. Acquiring may fail with the exceptions of
/// <see cref="RaftLocks.TryAcquire"/>.</para>
/// </remarks>
public sealed class RaftDistributedLockProvider :
    IDistributedLockProvider,
    IDistributedUpgradeableReaderWriterLockProvider,
    IDistributedSemaphoreProvider,
    IDisposable,
    IAsyncDisposable
{
    private readonly LockOptions _options;
    private readonly Lazy<Task>? _disposal;

    /// <param name="locks">The locks, which are not disposed of with the provider.</param>
    /// <param name="options">The time to live of what is acquired, and what others see of its holders. The kind is what is created here.</param>
    /// <exception cref="InvalidRequestException">An option is out of bounds.</exception>
    public RaftDistributedLockProvider(RaftLocks locks, LockOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(locks);
        _options = options ?? LockOptions.Default;
        _options.Require();
        Locks = locks;
    }

    /// <summary>Has locks of its own, which are released when it is disposed of.</summary>
    /// <param name="grains">A cluster client, or a silo's grain factory.</param>
    /// <param name="group">The group, for instance <c>locks/default</c>, which replicates a <see cref="LockMachine"/>.</param>
    /// <param name="options">The time to live of what is acquired, and what others see of its holders. The kind is what is created here.</param>
    /// <exception cref="InvalidNameException">The group's name is malformed.</exception>
    /// <exception cref="InvalidRequestException">An option is out of bounds.</exception>
    public RaftDistributedLockProvider(IGrainFactory grains, string group, LockOptions? options = null)
        : this((grains ?? throw new ArgumentNullException(nameof(grains))).GetRaftLocks(group), options) => _disposal = new Lazy<Task>(() => Locks.DisposeAsync().AsTask());

    /// <summary>The locks that it hands out, for what the package has no word for: to look at who holds them.</summary>
    public RaftLocks Locks { get; }

    /// <summary>
    /// The name by which the group knows a lock: the same name if it has 1 to 512 bytes of UTF-8, else a hash of it. Different names are
    /// different there, too.
    /// </summary>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    public static string NameInGroup(string name) => GroupNames.Of(name);

    /// <summary>A lock. The group hears of it when it is acquired.</summary>
    /// <param name="name">Any string.</param>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    public IDistributedLock CreateLock(string name) => new RaftDistributedLock(name, Plain(name, LockKind.Exclusive));

    /// <summary>A reader-writer lock with an upgradeable read lock. Readers that come after a waiting writer wait behind it.</summary>
    /// <param name="name">Any string.</param>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    public IDistributedUpgradeableReaderWriterLock CreateUpgradeableReaderWriterLock(string name) => new RaftDistributedReaderWriterLock(
        name,
        Plain(name, LockKind.Shared),
        Plain(name, LockKind.Exclusive),
        new(Locks, NameInGroup(name), _options with { Kind = LockKind.Upgradeable }, static held => new RaftDistributedLockUpgradeableHandle(held)));

    /// <inheritdoc cref="CreateUpgradeableReaderWriterLock"/>
    public IDistributedReaderWriterLock CreateReaderWriterLock(string name) => CreateUpgradeableReaderWriterLock(name);

    /// <summary>A semaphore.</summary>
    /// <param name="name">Any string.</param>
    /// <param name="maxCount">How many may hold it at once; the same for all who use the name. A group lets at most 10,000 in, though more were allowed.</param>
    /// <exception cref="ArgumentNullException">The name is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The count is less than 1.</exception>
    public IDistributedSemaphore CreateSemaphore(string name, int maxCount)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxCount, 1);
        var limit = Math.Min(maxCount, LockRules.MaximumRequestsOfLock);
        return new RaftDistributedSemaphore(name, maxCount, Plain(name, LockKind.Semaphore(limit)));
    }

    /// <inheritdoc cref="DisposeAsync"/>
    public void Dispose() => OnThreadPool.Wait(() => DisposeAsync().AsTask());

    /// <summary>Releases what is still held and disposes of the locks, if they are its own.</summary>
    public ValueTask DisposeAsync() => new(_disposal?.Value ?? Task.CompletedTask);

    private Acquisition<IDistributedSynchronizationHandle> Plain(string name, LockKind kind) =>
        new(Locks, NameInGroup(name), _options with { Kind = kind }, static held => new RaftDistributedLockHandle(held));
}
