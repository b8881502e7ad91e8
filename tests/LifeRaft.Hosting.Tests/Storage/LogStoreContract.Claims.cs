using LifeRaft.Protocol;
using Xunit;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>Claims and deletion.</summary>
public abstract partial class LogStoreContract
{
    [Fact]
    public async Task Each_claim_of_a_node_has_a_higher_epoch()
    {
        var first = await Store.Claim("g/1");
        var second = await Store.Claim("g/1");

        Assert.True(second.Epoch > first.Epoch);
    }

    [Fact]
    public async Task An_older_claim_writes_nothing_more()
    {
        var old = await Store.Claim("g/1");
        await old.Durable(Entries(1, 3));
        var current = await Store.Claim("g/1");

        await Assert.ThrowsAsync<ClaimLostException>(() => old.Durable(Entries(2, 9, term: 9)));
        await Assert.ThrowsAsync<ClaimLostException>(() => old.Delete(new GroupId(Guid.NewGuid()), CancellationToken.None).Within());

        await current.Durable(Entries(4, 4));
        var restored = (await Store.Claim("g/1")).Restored;
        Assert.Equal(new LogIndex(4), restored.Last);
        Assert.Single(restored.TermStarts);
    }

    [Fact]
    public async Task A_claim_sees_every_write_of_the_older_one_that_succeeded_and_none_that_failed()
    {
        for (var round = 0; round < 20; round++)
        {
            var node = $"g/{round}";
            var old = await Store.Claim(node);
            var isClaimed = false;
            var hasBegun = new TaskCompletionSource();
            var writing = Task.Run(() =>
            {
                var writes = new List<Task>();
                for (var index = 1L; index <= 100 || !Volatile.Read(ref isClaimed); index++)
                {
                    writes.Add(old.Durable(Entries(index, index)));
                    hasBegun.TrySetResult();
                }

                writes.Add(old.Durable(Entries(1, 1, term: 2)));
                return writes;
            });
            await hasBegun.Task.Within();

            var restored = (await Store.Claim(node)).Restored;

            Volatile.Write(ref isClaimed, true);
            var writes = await writing.Within();
            await Task.WhenAll(writes).ContinueWith(_ => { }, TaskScheduler.Default).Within();
            Assert.IsType<ClaimLostException>(writes[^1].Exception?.InnerException);
            Assert.All(writes.Where(write => write.IsFaulted), write => Assert.IsType<ClaimLostException>(write.Exception!.InnerException));
            Assert.Equal(restored.Last.Value, writes.Count(write => write.IsCompletedSuccessfully));
            Assert.Equal(restored.Last.Value, writes.TakeWhile(write => write.IsCompletedSuccessfully).Count());
        }
    }

    [Fact]
    public async Task A_claim_of_one_node_leaves_the_others_alone()
    {
        var other = await Store.Claim("g/2");
        _ = await Store.Claim("g/1");
        _ = await Store.Claim("g/1");

        await other.Durable(Entries(1, 1));
    }

    [Fact]
    public async Task S61_A_node_that_is_deleted_and_created_again_shows_nothing_old()
    {
        var log = await Store.Claim("g/1");
        var neighbour = await Store.Claim("g/2");
        var identity = new NodeIdentity(new GroupId(Guid.NewGuid()), new MemberId(Guid.NewGuid()));
        await Task.WhenAll(
            log.Durable(new LogWrite(identity, new HardState(new Term(5), identity.Member), [Entry(1, 5, kind: EntryKind.Configuration), .. Entries(2, 20, term: 5).Entries])),
            neighbour.Durable(Entries(1, 20, term: 6)));

        await log.Delete(null, CancellationToken.None).Within();
        Assert.Equal(["g/2"], Store.ListNodes());
        var again = await Store.Claim("g/1");
        Assert.True(again.Restored.Identity.IsBlank);
        Assert.Equal(default, again.Restored.HardState);
        Assert.Equal(LogIndex.Zero, again.Restored.Last);
        await again.Durable(Entries(1, 2, term: 7));

        AssertSame(Entries(1, 2, term: 7).Entries, await again.ReadAll(1, 2));
        await Assert.ThrowsAsync<LogStoreCorruptException>(() => again.ReadAll(3, 3));
        var restored = (await Store.Claim("g/1")).Restored;
        Assert.Equal([new TermStart(new LogIndex(1), new Term(7))], restored.TermStarts);
        Assert.Empty(restored.Configurations);
        AssertSame(Entries(1, 20, term: 6).Entries, await neighbour.ReadAll(1, 20));
    }

    [Fact]
    public async Task A_deletion_comes_after_the_writes_that_were_handed_over_before_it_and_ends_the_handle()
    {
        var log = await Store.Claim("g/1");
        var before = log.Durable(Entries(1, 3));
        var deletion = log.Delete(null, CancellationToken.None);
        var after = log.Durable(Entries(4, 4));

        await before;
        await deletion.Within();
        await Assert.ThrowsAsync<ClaimLostException>(() => after);
        Assert.Empty(Store.ListNodes());
    }

    [Fact]
    public async Task A_deleted_group_is_remembered()
    {
        var byNode = new GroupId(Guid.NewGuid());
        var byMark = new GroupId(Guid.NewGuid());
        var log = await Store.Claim("g/1");
        await log.Durable(Entries(1, 1));

        await log.Delete(byNode, CancellationToken.None).Within();
        await Store.MarkDeleted(byMark, CancellationToken.None).Within();
        await Store.MarkDeleted(byMark, CancellationToken.None).Within();

        Assert.True(Store.IsDeleted(byNode));
        Assert.True(Store.IsDeleted(byMark));
        Assert.False(Store.IsDeleted(new GroupId(Guid.NewGuid())));
    }
}
