using Xunit;

namespace LifeRaft.Tests.Locks;

/// <summary>An upgrade that is given up leaves nothing behind, and what is known of the lock never gets older.</summary>
public sealed class LockUpgradeTests
{
    private static readonly LockOptions _upgradeable = new() { Kind = LockKind.Upgradeable };
    private static readonly LockOptions _shared = new() { Kind = LockKind.Shared };
    private readonly LockGroup _group = new();

    [Fact]
    public async Task An_answer_to_an_upgrade_given_up_before_does_not_take_back_the_token_of_the_next()
    {
        var way = new WayBack(_group);
        var locks = new RaftLocks(way, _group.Time);
        var handle = await locks.Acquire("a", _upgradeable);
        var reader = await locks.Acquire("a", _shared);
        using var giveUp = new CancellationTokenSource();
        var before = _group.Commands;
        var upgrade = handle.Upgrade(giveUp.Token);
        await _group.Until(() => _group.Commands == before + 1);
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upgrade);
        await _group.Until(() => _group.Commands == before + 2); // It is abandoned, and the answer is on its way.

        await reader.DisposeAsync();
        await handle.Upgrade(TestContext.Current.CancellationToken);
        var token = handle.FencingToken;
        way.IsFree.SetResult();
        await locks.DisposeAsync(); // What goes on in the background is over.
        Assert.Equal((LockMode.Exclusive, token), (handle.Mode, handle.FencingToken));
    }

    [Fact]
    public async Task Who_gives_up_while_an_upgrade_that_came_too_late_is_abandoned_does_not_keep_readers_out()
    {
        await using var locks = _group.Client();
        var handle = await locks.Acquire("a", _upgradeable);
        await locks.Acquire("a", _shared);
        using var giveUp = new CancellationTokenSource();
        var before = _group.Commands;
        var upgrade = handle.TryUpgrade(TimeSpan.FromSeconds(1), giveUp.Token);
        await _group.Until(() => _group.Commands == before + 1);
        _group.IsCutOff = true;
        _group.Pass(TimeSpan.FromSeconds(1));
        await _group.Until(() => _group.IsStuck<AbandonUpgrade>());
        await giveUp.CancelAsync();
        _group.IsCutOff = false;
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upgrade);

        await _group.Until(() => _group.Commands == before + 2);
        Assert.NotNull(await locks.TryAcquire("a", TimeSpan.Zero, _shared));
        Assert.True(handle.IsHeld);
    }

    /// <summary>The answers to upgrades that are abandoned take their time.</summary>
    private sealed class WayBack(LockGroup group) : IRaftCommands
    {
        public TaskCompletionSource IsFree { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default)
        {
            var answer = await group.Command(command, cancellationToken);
            if (LockCodec.DecodeCommand(command) is AbandonUpgrade)
            {
                await IsFree.Task.WaitAsync(cancellationToken);
            }

            return answer;
        }

        public Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) => group.Query(query, cancellationToken);

        public Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) => group.Await(query, cancellationToken);
    }
}
