using Xunit;

namespace LifeRaft.Tests.Locks;

/// <summary>What cannot be asked of locks is refused with a reason, before anything is sent, and by the machine too.</summary>
public sealed class LockBadInputTests
{
    private readonly LockGroup _group = new();

    [Fact]
    public async Task Names_out_of_bounds_are_refused()
    {
        await using var locks = _group.Client();
        await Refused("", "A lock's name has 1 to 512 bytes of UTF-8, but this one has 0.");
        await Refused("\ud800", "half of a surrogate pair at position 0");
        await Refused(new string('\u00e4', 257), "but this one has 514");
        await Assert.ThrowsAsync<ArgumentNullException>(() => locks.Acquire(null!));
        await Assert.ThrowsAsync<ArgumentNullException>(() => locks.Look(null!));
        Assert.Throws<ArgumentNullException>(() => locks.List(null!));
        Assert.Throws<InvalidRequestException>(() => locks.List(new string('x', 513)));
        Assert.Throws<ArgumentNullException>(() => new RaftLocks(null!));
        Assert.Equal(0, _group.Commands);

        async Task Refused(string name, string why)
        {
            foreach (var ask in new Func<Task>[] { () => locks.Acquire(name), () => locks.TryAcquire(name, TimeSpan.Zero), () => locks.Look(name) })
            {
                Assert.Contains(why, (await Assert.ThrowsAsync<InvalidRequestException>(ask)).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public async Task Times_values_and_limits_out_of_bounds_are_refused()
    {
        await using var locks = _group.Client();
        await Refused(new LockOptions { TimeToLive = TimeSpan.FromMilliseconds(999) }, "A time to live is from 1 s to 1 h, but is 00:00:00.9990000.");
        await Refused(new LockOptions { TimeToLive = TimeSpan.FromMinutes(61) }, "A time to live is from 1 s to 1 h");
        await Refused(new LockOptions { Value = new byte[1025] }, "at most 1024 bytes, but this one has 1025");
        await Assert.ThrowsAsync<InvalidRequestException>(() => locks.TryAcquire("a", TimeSpan.FromSeconds(-2)));
        await Assert.ThrowsAsync<InvalidRequestException>(() => locks.TryAcquire("a", TimeSpan.FromDays(50)));
        Assert.Throws<InvalidRequestException>(() => LockKind.Semaphore(0));
        Assert.Throws<InvalidRequestException>(() => LockKind.Semaphore(10_001));
        Assert.Equal(0, _group.Commands);

        var plain = await locks.Acquire("a");
        Assert.Contains("held as Exclusive", (await Assert.ThrowsAsync<InvalidRequestException>(() => plain.Upgrade())).Message, StringComparison.Ordinal);
        Assert.Equal(1, _group.Commands);

        async Task Refused(LockOptions options, string why) => Assert.Contains(
            why, (await Assert.ThrowsAsync<InvalidRequestException>(() => locks.Acquire("a", options))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_and_a_group_take_so_many_requests_and_no_more()
    {
        await using var locks = _group.Client();
        var shared = new LockOptions { Kind = LockKind.Shared };
        for (var i = 0; i < LockRules.MaximumRequestsOfLock; i++)
        {
            await locks.Acquire("a", shared);
        }

        await Assert.ThrowsAsync<OverloadedException>(() => locks.Acquire("a", shared));
        await Assert.ThrowsAsync<OverloadedException>(() => locks.Acquire("a"));
        Assert.Equal((LockRules.MaximumRequestsOfLock, 0), (_group.Look("a")!.HolderCount, _group.Look("a")!.WaiterCount));
        Assert.Equal(LockState.MaximumHolders, _group.Look("a")!.Holders.Count);
        await (await locks.Acquire("b")).DisposeAsync();
    }

    [Fact]
    public void The_machine_refuses_what_no_client_of_ours_sends_and_changes_nothing()
    {
        var good = new AcquireLock(Guid.NewGuid(), "a", LockMode.Exclusive, 0, TimeSpan.FromSeconds(5), default, MayWait: true);
        foreach (var bad in new LockCommand[]
        {
            good with { Id = Guid.Empty },
            good with { Name = "" },
            good with { Mode = (LockMode)9 },
            good with { Limit = -1 },
            good with { Limit = 3 },
            good with { TimeToLive = TimeSpan.Zero },
            new KeepLocks([.. Enumerable.Repeat(good.Id, LockRules.MaximumBatch + 1)]),
        })
        {
            Assert.ThrowsAny<Exception>(() => LocalMachine.Apply(_group.Machine, LockCodec.Encode(bad)));
        }

        var bytes = LockCodec.Encode(good);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<FormatException>(() => LocalMachine.Apply(_group.Machine, bytes.AsMemory(0, length)));
        }

        Assert.Throws<FormatException>(() => LocalMachine.Apply(_group.Machine, (byte[])[.. bytes, 0]));
        Assert.Throws<FormatException>(() => LocalMachine.Apply(_group.Machine, new byte[] { 0 }));
        Assert.Throws<FormatException>(() => _group.Machine.Query(new byte[] { 99 }));
        Assert.Throws<FormatException>(() => _group.Machine.TryAnswer(default, out _));
        Assert.Null(_group.Machine.Deadline);
        Assert.Null(_group.Look("a"));
    }

    [Fact]
    public void A_command_of_a_newer_build_is_refused_before_it_is_in_the_log_and_stops_a_member_that_finds_it_there()
    {
        var machine = new LockMachine();
        Assert.Null(machine.Refusal(LockCodec.Encode(new AbandonUpgrade(Guid.NewGuid()))));
        Assert.Contains("kind 6", machine.Refusal(new byte[] { 6, 1, 2 }), StringComparison.Ordinal);
        Assert.Throws<UnknownCommandException>(() => LocalMachine.Apply(machine, new byte[] { 6, 1, 2 }));
    }
}
