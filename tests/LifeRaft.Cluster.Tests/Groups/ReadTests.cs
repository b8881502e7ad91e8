namespace LifeRaft.Cluster.Tests;

/// <summary>Queries on every member, by lease, and stale.</summary>
public sealed class ReadTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    private static readonly ReadOnlyMemory<byte> _count = new KeyValueQuery(KeyValueQueryKind.CountApplied).Encode();
    private readonly RaftCluster _cluster = silos.Cluster;

    [Fact]
    public async Task Every_member_answers_queries_that_reflect_every_acknowledged_command()
    {
        var group = await _cluster.Create("kv/everywhere");
        await using var session = await group.OpenSession();
        var store = new KeyValueStore(session);
        for (byte i = 1; i <= 20; i++)
        {
            await store.Put("x", new[] { i });
            foreach (var silo in _cluster.Running)
            {
                var here = new KeyValueStore(new OneNode(await _cluster.Node(group, silo)));
                Assert.Equal(i, (await here.Get("x"))!.Version);
            }
        }
    }

    [Fact]
    public async Task Queries_by_lease_reflect_every_acknowledged_command()
    {
        var group = await _cluster.Create("kv/lease");
        group.Reads = ReadConsistency.Lease;
        await using var session = await group.OpenSession();
        var (writes, reads) = (new KeyValueStore(session), new KeyValueStore(group));
        for (byte i = 1; i <= 50; i++)
        {
            await writes.Put("x", new[] { i });
            Assert.Equal(i, (await reads.Get("x"))!.Version);
        }
    }

    [Fact]
    public async Task A_stale_answer_says_how_old_it_may_be()
    {
        var group = await _cluster.Create("kv/stale");
        await new KeyValueStore(group).Put("x", "1"u8.ToArray());
        var node = await _cluster.Node(group, 1);
        var status = await Wait.For("the node has applied the write", node.Status, seen => seen.Applied == seen.Last && seen.Last.Value > 2);
        var answer = await Wait.For("the node has heard its leader", () => node.QueryStale(_count), stale => stale.Age is not null);
        Assert.Equal(status.Applied, answer.Applied);
        Assert.True(answer.Age >= TimeSpan.Zero);
    }

    [Fact]
    public async Task A_node_of_no_group_says_that_it_cannot_answer()
    {
        var node = await _cluster.Node(_cluster.Group("kv/nothing"), 1);
        var failure = await Assert.ThrowsAsync<NotLeaderException>(() => node.Query(_count));
        Assert.Contains("no leader is known now", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Asks one node, linearizably; again when it knows no leader at the moment.</summary>
    private sealed class OneNode(IRaftNode node) : IRaftCommands
    {
        public Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, CancellationToken cancellationToken = default) => throw new NotSupportedException();

        public async Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) =>
            await Wait.For("the node answers", () => node.Query(query), static _ => true);

        public Task<ReadOnlyMemory<byte>> Await(ReadOnlyMemory<byte> query, CancellationToken cancellationToken = default) => throw new NotSupportedException();
    }
}
