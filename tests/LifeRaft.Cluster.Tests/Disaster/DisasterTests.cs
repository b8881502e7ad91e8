using System.Globalization;
using LifeRaft.Cli;
using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests.Disaster;

/// <summary>A group whose majority has lost its disks for good, and the tool that makes the best of what is left.</summary>
public sealed class DisasterTests
{
    [Fact]
    public async Task What_the_last_disk_holds_becomes_a_new_group_which_the_others_join()
    {
        await using var cluster = await RaftCluster.Start(3, options: options => (options.SnapshotAfterEntries, options.EntriesKeptBehindSnapshot) = (10, 3));
        var group = await cluster.Create("kv/disaster");
        var session = await group.OpenSession(); // On a busy machine leadership may change under a write.
        var store = new KeyValueStore(session);
        for (byte i = 0; i < 30; i++)
        {
            await store.Put($"key-{i}", new[] { i });
        }

        await session.DisposeAsync();
        var old = (await cluster.AllApplied(group, 3))[0].Group;
        await cluster.Kill(0);
        await cluster.Kill(1);
        await cluster.Stop(2);
        cluster.Wipe(0);

        // One disk is lost, one is in doubt, and the operator decides for the third.
        var (exit, output, _) = await Run("wal", "inspect", "--data", cluster.DataOf(2));
        Assert.Equal(0, exit);
        Assert.Contains("kv/disaster/3@Silo_2", output, StringComparison.Ordinal);
        (exit, _, var error) = await Run("recover", "--unsafe-new-quorum", "--data", cluster.DataOf(2), "--node", "kv/disaster/3@Silo_2");
        Assert.Equal(1, exit);
        Assert.Contains("Nothing was changed", error, StringComparison.Ordinal);
        (exit, output, _) = await Run("recover", "--unsafe-new-quorum", "--data", cluster.DataOf(2), "--node", "kv/disaster/3@Silo_2", "--yes");
        Assert.Equal(0, exit);
        Assert.Contains("is the only voter of the new group", output, StringComparison.Ordinal);
        (exit, _, _) = await Run("recover", "--forget", "--data", cluster.DataOf(1), "--node", "kv/disaster/2@Silo_1", "--yes");
        Assert.Equal(0, exit);

        foreach (var silo in new[] { 2, 1, 0 })
        {
            await cluster.Restart(silo);
        }

        var here = cluster.From(2).GetRaftGroup("kv/disaster");
        here.Timeout = TimeSpan.FromSeconds(60);
        var leader = await Wait.For("the new group is led", () => cluster.Status(here), nodes => nodes.Any(node => node.State == RaftState.Leader), RaftCluster.Describe);
        Assert.NotEqual(old, leader.Single(node => node.State == RaftState.Leader).Group);
        await here.Join(RaftCluster.Address(1));
        await here.Join(RaftCluster.Address(0));
        await new KeyValueStore(here).Put("after", "1"u8.ToArray());
        var nodes = await cluster.AllApplied(here, 3);
        Assert.Single(nodes.Select(node => node.Group).Distinct());
        for (byte i = 0; i < 30; i++)
        {
            Assert.Equal([i], (await new KeyValueStore(here).Get($"key-{i}"))!.Value.ToArray());
        }
    }

    [Fact]
    public async Task A_disk_whose_silo_runs_a_directory_that_is_not_there_and_an_unknown_node_are_refused()
    {
        await using var cluster = await RaftCluster.Start(1);
        await cluster.Create("kv/running");
        var (exit, _, error) = await Run("recover", "--forget", "--data", cluster.DataOf(0), "--node", "kv/running/1@Silo_0", "--yes");
        Assert.Equal(1, exit);
        Assert.Contains("is open already", error, StringComparison.Ordinal);

        (exit, _, error) = await Run("wal", "inspect", "--data", "/nowhere/at/all");
        Assert.Equal(2, exit);
        Assert.Contains("there is no directory /nowhere/at/all", error, StringComparison.Ordinal);

        await cluster.Stop(0);
        (exit, _, error) = await Run("recover", "--forget", "--data", cluster.DataOf(0), "--node", "kv/other/1@Silo_0", "--yes");
        Assert.Equal(1, exit);
        Assert.Contains("It holds: kv/running/1@Silo_0", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_old_group_left_can_neither_vote_for_the_new_one_nor_disturb_it()
    {
        await using var store = new MemoryLogStore(Microsoft.Extensions.Logging.Abstractions.NullLogger<MemoryLogStore>.Instance);
        await store.Open(CancellationToken.None);
        var me = new Member(new MemberId(Guid.NewGuid()), "1@silo-a", "liferaft-node/kv/x/1@silo-a");
        var other = new Member(new MemberId(Guid.NewGuid()), "2@silo-b", "liferaft-node/kv/x/2@silo-b");
        var configuration = GroupConfiguration.Founding(me, GroupTimings.Default) with { Voters = [me, other] };
        var entry = LogEntry.Create(EntryKind.Configuration, LogIndex.First, new Term(3), 0, GroupConfigurationCodec.Encode(configuration));
        var log = await store.Claim("kv/x/1@silo-a", CancellationToken.None);
        var written = new Written();
        log.Write(new LogWrite(new NodeIdentity(new GroupId(Guid.NewGuid()), me.Id), new HardState(new Term(5), other.Id), [entry]), written);
        await written.Done;

        var after = await DisasterRecovery.FoundAnew(store, "kv/x/1@silo-a", CancellationToken.None);
        Assert.Equal((new Term(6), MemberId.None, new LogIndex(2)), (after.HardState.Term, after.HardState.VotedFor, after.Last.Index));
        Assert.Equal("1@silo-a", Assert.Single(after.Configuration.Voters).Address);

        var node = new RaftNode(new RaftSettings(), (await store.Claim("kv/x/1@silo-a", CancellationToken.None)).Restored, new Random(1), TimeSpan.Zero);
        node.Step(new VoteRequest { Group = new GroupId(Guid.NewGuid()), From = other.Id, To = me.Id, Term = new Term(9), LastIndex = new LogIndex(9), LastTerm = new Term(9) }, TimeSpan.FromSeconds(1));
        Assert.Equal(new Term(6), node.Term);
        Assert.IsType<Refusal>(Assert.Single(node.TakeReady()!.Messages));
    }

    private static async Task<(int Exit, string Output, string Error)> Run(params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        var exit = await Tool.Run(arguments, output, error, TestContext.Current.CancellationToken);
        return (exit, output.ToString(), error.ToString());
    }

    private sealed class Written : ILogWriteCompletion
    {
        private readonly TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Done => _written.Task;

        public void Completed(LogWrite write, LogStoreException? failure) => _written.SetResult();
    }
}
