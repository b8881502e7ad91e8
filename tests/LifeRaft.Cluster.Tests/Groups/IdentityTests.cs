using LifeRaft.Hosting;
using LifeRaft.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Cluster.Tests;

/// <summary>The rules of architecture.md, "Identity, founding, removal".</summary>
public sealed class IdentityTests
{
    [Fact]
    public async Task Two_foundings_of_one_name_at_once_give_one_group()
    {
        await using var cluster = await RaftCluster.Start(3);
        var addresses = Enumerable.Range(0, 3).Select(RaftCluster.Address).ToList();
        await Task.WhenAll(Enumerable.Range(0, 3).Select(silo => cluster.From(silo).GetRaftGroup("kv/founded").Create(addresses)));
        var nodes = await cluster.Status(cluster.Group("kv/founded"));
        Assert.Single(nodes.Select(node => node.Group).Distinct());
        Assert.Equal(3, nodes.Count);
        await Assert.ThrowsAsync<GroupConflictException>(() => cluster.Group("kv/founded").Create([RaftCluster.Address(0)]));
    }

    [Fact]
    public async Task Two_groups_of_one_name_never_merge_and_the_error_names_both()
    {
        await using var cluster = await RaftCluster.Start(2);
        var group = cluster.Group("kv/twice");

        // What a partition could do: each side founds the group, past the coordinator.
        var ids = new List<GroupId>();
        foreach (var silo in cluster.Running)
        {
            var id = new GroupId(Guid.NewGuid());
            ids.Add(id);
            var node = await cluster.Node(group, silo);
            await cluster.From(silo).GetGrain<IRaftPeer>(node.GetGrainId()).Found(id, new MemberId(Guid.NewGuid()), null);
        }

        var failure = await Assert.ThrowsAsync<GroupConflictException>(async () => await (await cluster.Node(group, 0)).Join(RaftCluster.Address(1)));
        Assert.All(ids, id => Assert.Contains(id.ToString(), failure.Message, StringComparison.Ordinal));
        await Assert.ThrowsAsync<GroupConflictException>(() => group.Command("x"u8.ToArray()));
        var statuses = await cluster.Status(group);
        Assert.All(statuses, status => Assert.Single(status.Members));
    }

    [Fact]
    public async Task A_blank_node_that_is_asked_to_vote_votes_for_nobody()
    {
        await using var cluster = await RaftCluster.Start(1);
        var node = await cluster.Node(cluster.Group("kv/blank"), 0);
        var refusal = await Deliver(cluster, node, new VoteRequest
        {
            Group = new GroupId(Guid.NewGuid()),
            From = new MemberId(Guid.NewGuid()),
            To = new MemberId(Guid.NewGuid()),
            Term = new Term(5),
            LastIndex = new LogIndex(9),
            LastTerm = new Term(4),
        });
        Assert.Equal(RefusalReason.Blank, refusal.Reason);
        Assert.Equal(Term.Zero, (await node.Status()).Term);
    }

    [Fact]
    public async Task A_wiped_disk_under_an_old_id_is_refused_until_it_joins_as_a_new_member()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/wiped");
        var store = new KeyValueStore(group);
        await store.Put("kept", "1"u8.ToArray());
        var leader = await cluster.Leader(group);
        var wiped = cluster.Running.First(silo => silo != RaftCluster.SiloOf(leader.Address));
        var former = leader.Members.Single(member => member.Address == RaftCluster.Address(wiped));
        await cluster.Kill(wiped);
        cluster.Wipe(wiped);
        await cluster.Restart(wiped);

        var node = await cluster.Node(group, wiped);
        Assert.True((await node.Status()).Group.IsNone);
        var refusal = await Deliver(cluster, node, new VoteRequest
        {
            Group = leader.Group,
            From = leader.Member,
            To = former.Id,
            Term = leader.Term + 1,
            LastIndex = leader.Last,
            LastTerm = leader.Term,
        });
        Assert.Equal(RefusalReason.Blank, refusal.Reason);

        var joined = await group.Join(RaftCluster.Address(wiped));
        Assert.True(joined.IsNew);
        Assert.NotEqual(former.Id, joined.Member.Id);
        var members = await group.Members();
        Assert.Equal(3, members.Count(member => member.IsVoter));
        Assert.DoesNotContain(members, member => member.Id == former.Id);
        await cluster.AllApplied(group, 3);
    }

    [Fact]
    public async Task Who_is_removed_and_joins_again_is_a_new_member()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/again");
        var leader = await cluster.Leader(group);
        var silo = cluster.Running.First(silo => silo != RaftCluster.SiloOf(leader.Address));
        var node = await cluster.Node(group, silo);
        var former = (await node.Status()).Member;
        Assert.True(await node.End());

        var joined = await group.Join(RaftCluster.Address(silo));
        Assert.NotEqual(former, joined.Member.Id);
        Assert.Equal(joined.Member.Id, (await node.Status()).Member);
        await cluster.AllApplied(group, 3);
    }

    [Fact]
    public async Task A_removed_node_that_was_down_ends_when_it_returns()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/removed");
        var leader = await cluster.Leader(group);
        var silo = cluster.Running.First(silo => silo != RaftCluster.SiloOf(leader.Address));
        await cluster.Kill(silo);
        var rest = cluster.From(cluster.Running.First()).GetRaftGroup("kv/removed");
        await rest.Leave(RaftCluster.Address(silo));
        var term = (await cluster.Leader(group)).Term;

        await cluster.Restart(silo);
        var node = await cluster.Node(group, silo);
        await Wait.For("the removed node has ended", node.Status, status => status.State is RaftState.Stopped, status => status.ToString());
        Assert.Equal(term, (await cluster.Leader(rest)).Term);
    }

    [Fact]
    public async Task A_deleted_group_is_not_revived_by_a_silo_that_was_down()
    {
        await using var cluster = await RaftCluster.Start(3);
        var group = await cluster.Create("kv/deleted");
        var leader = await cluster.Leader(group);
        var silo = cluster.Running.First(silo => silo != RaftCluster.SiloOf(leader.Address));
        await cluster.Kill(silo);
        await cluster.From(cluster.Running.First()).GetRaftGroup("kv/deleted").Delete();
        await Wait.For("the running members are gone", () => cluster.Status(group), nodes => nodes.All(node => node.State == RaftState.Stopped), RaftCluster.Describe);

        await cluster.Restart(silo);
        var node = await cluster.Node(group, silo);
        await Wait.For("the silo that was down has learned of it", node.Status, status => status.State is RaftState.Stopped, status => status.ToString());
        await cluster.Kill(silo);
        await cluster.Restart(silo);
        Assert.Empty(await cluster.Status(group));

        // The name is free again, and nothing of the old group is in the new one.
        var next = cluster.From(cluster.Running.First()).GetRaftGroup("kv/deleted");
        await next.Create([.. cluster.Running.Select(RaftCluster.Address)]);
        Assert.Equal(0, await new KeyValueStore(next).CountApplied());
    }

    [Fact]
    public async Task A_claim_that_is_taken_over_while_a_write_is_in_flight_stops_the_older_node()
    {
        await using var cluster = await RaftCluster.Start(1);
        var group = await cluster.Create("kv/claimed");
        var store = new KeyValueStore(group);
        var node = await cluster.Node(group, 0);
        var key = $"kv/claimed/{RaftCluster.Address(0)}";
        var writes = Enumerable.Range(0, 200).Select(i => store.Put($"key-{i}", new byte[] { 1 })).ToList();
        var claimed = await cluster.Services(0).GetRequiredService<IRaftLogStore>().Claim(key, CancellationToken.None);
        var outcomes = await Task.WhenAll(writes.Select(async write =>
        {
            try
            {
                await write;
                return true;
            }
            catch (RaftException)
            {
                return false;
            }
        }));

        // What was acknowledged is in the log that the new claim sees, or was written before it: nothing is acknowledged afterwards.
        var status = await Wait.For("the older node has stopped", node.Status, status => status.State == RaftState.Stopped, status => status.ToString());
        Assert.Contains("claim", status.Failure, StringComparison.OrdinalIgnoreCase);
        var last = claimed.Restored.Last;
        Assert.True(outcomes.Count(acknowledged => acknowledged) <= last.Value, $"{outcomes.Count(acknowledged => acknowledged)} writes were acknowledged, but the log ends at {last}.");
    }

    [Fact]
    public async Task A_node_that_was_admitted_and_never_listed_can_be_ended_and_joined()
    {
        await using var cluster = await RaftCluster.Start(2);
        var group = await cluster.Create("kv/orphan", 0);
        var leader = await cluster.Leader(group);
        var node = await cluster.Node(group, 1);
        await cluster.From(1).GetGrain<IRaftPeer>(node.GetGrainId()).Admit(leader.Group, new MemberId(Guid.NewGuid()));

        Assert.True(await node.End());
        Assert.Equal(RaftState.Stopped, (await node.Status()).State);
        await group.Join(RaftCluster.Address(1));
        await cluster.AllApplied(group, 2);
    }

    /// <summary>Hands a node a message as a peer would, and returns its refusal.</summary>
    private static async Task<Refusal> Deliver(RaftCluster cluster, IRaftNode node, RaftMessage message)
    {
        var silo = RaftCluster.SiloOf(node.GetPrimaryKeyString());
        await node.Status();
        var inbox = cluster.Services(silo).GetRequiredService<PeerInbox>();
        return (Refusal)await inbox.Ask(node.GetGrainId().ToString(), message).WaitAsync(Wait.Patience);
    }
}
