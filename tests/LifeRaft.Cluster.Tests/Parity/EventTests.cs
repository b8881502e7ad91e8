using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>liferaft's events, as <c>Watch</c> gives them.</summary>
public sealed class EventTests(ThreeSilos silos) : IClassFixture<ThreeSilos>
{
    private RaftCluster Cluster => silos.Cluster;

    [Fact]
    public async Task An_election_is_told_in_the_order_in_which_it_happened()
    {
        var group = await Cluster.Create("kv/events-election");
        var leader = await Cluster.Leader(group);
        var promoted = leader.Members.First(member => member.Address != leader.Address).Address;
        var node = await group.Node(promoted);
        var recording = await Recording.Of(node);
        await node.Promote();
        await Wait.For("the promoted node leads", () => Cluster.Leader(group), found => found.Address == promoted, found => found.Address);
        await node.End();

        var events = (await recording.Rest).Where(raftEvent => raftEvent is TermChangeEvent or StateChangeEvent or StateEvent or LeaderChangeEvent).ToList();
        Assert.Equal(["term change", "leader change", "state change", "candidate", "leader change", "state change", "leader"], events.Take(7).Select(raftEvent => raftEvent.Name));
        Assert.Equal(new TermChangeEvent(leader.Term + 1, leader.Term), events[0]);
        Assert.Equal(new LeaderChangeEvent("", leader.Address), events[1]);
        Assert.Equal(new StateChangeEvent(RaftState.Candidate, RaftState.Follower), events[2]);
        Assert.Equal(new LeaderChangeEvent(promoted, ""), events[4]);
        Assert.Equal(new StateChangeEvent(RaftState.Leader, RaftState.Candidate), events[5]);
    }

    [Fact]
    public async Task Commits_are_told_once_and_in_log_order_on_every_node()
    {
        var group = await Cluster.Create("fragile/events-commit");
        var leader = await Cluster.Leader(group);
        var nodes = new List<IRaftNode>();
        var recordings = new List<Recording>();
        foreach (var member in leader.Members)
        {
            nodes.Add(await group.Node(member.Address));
            recordings.Add(await Recording.Of(nodes[^1]));
        }

        for (byte i = 20; i < 30; i++)
        {
            await group.Command(new[] { i }, TestContext.Current.CancellationToken);
        }

        await Cluster.AllApplied(group, 3);
        await Cluster.From(0).GetRaftGroup("fragile/events-commit").Delete(TestContext.Current.CancellationToken);
        foreach (var recording in recordings)
        {
            var commits = (await recording.Rest).OfType<CommitEvent>().ToList();
            Assert.Equal(Enumerable.Range(20, 10), commits.Select(commit => (int)commit.Command.Span[0]));
            Assert.Equal(commits.Select(commit => commit.Index).Order(), commits.Select(commit => commit.Index));
        }
    }

    [Fact]
    public async Task Joins_and_leaves_are_told_when_they_are_committed()
    {
        var group = await Cluster.Create("kv/events-members", 0, 1);
        var leader = await Cluster.Leader(group);
        var recording = await Recording.Of(await group.Node(leader.Address));
        await group.Join(RaftCluster.Address(2), TestContext.Current.CancellationToken);
        await group.Leave(RaftCluster.Address(2), TestContext.Current.CancellationToken);
        await Cluster.From(0).GetRaftGroup("kv/events-members").Delete(TestContext.Current.CancellationToken);
        var events = (await recording.Rest).Where(raftEvent => raftEvent is JoinEvent or LeaveEvent).ToList();
        Assert.Equal(["join", "leave"], events.Select(raftEvent => raftEvent.Name));
        Assert.Equal(RaftCluster.Address(2), ((JoinEvent)events[0]).Address);
        Assert.Equal(RaftCluster.Address(2), ((LeaveEvent)events[1]).Address);
    }

    [Fact]
    public async Task Data_that_a_leader_adds_to_its_heartbeat_reaches_the_followers()
    {
        var group = await Cluster.Create("talk/events-heartbeat");
        var leader = await Cluster.Leader(group);
        var follower = await group.Node(leader.Members.First(member => member.Address != leader.Address).Address);
        await foreach (var raftEvent in follower.Watch(TestContext.Current.CancellationToken))
        {
            if (raftEvent is DataEvent { Packet: { Type: PacketTypes.Append, HasData: true } packet })
            {
                Assert.Equal($"from {leader.Address}", packet.Data);
                Assert.Equal(leader.Address, packet.Address);
                break;
            }
        }
    }

    [Fact]
    public async Task A_leader_tells_of_its_heartbeats_and_a_follower_of_its_votes()
    {
        var group = await Cluster.Create("kv/events-heartbeat");
        var leader = await Cluster.Leader(group);
        var others = leader.Members.Where(member => member.Address != leader.Address).Select(member => member.Address).ToList();
        await foreach (var raftEvent in (await group.Node(leader.Address)).Watch(TestContext.Current.CancellationToken))
        {
            if (raftEvent is HeartbeatEvent heartbeat)
            {
                Assert.Equal((RaftState.Leader, leader.Address), (heartbeat.Packet.State, heartbeat.Packet.Address));
                break;
            }
        }

        // One of the two decides; the other may hear that the promoted node leads before it is asked, and then denies.
        var recordings = new[] { await Recording.Of(await group.Node(others[0])), await Recording.Of(await group.Node(leader.Address)) };
        await Cluster.AllApplied(group, 3); // Or the promoted node's log may be the shorter one, and the vote be denied.
        await (await group.Node(others[1])).Promote();
        await Wait.For("the promoted node leads", () => Cluster.Leader(group), found => found.Address == others[1], found => found.Address);
        await Cluster.From(0).GetRaftGroup("kv/events-heartbeat").Delete(TestContext.Current.CancellationToken);
        var vote = (await Task.WhenAll(recordings.Select(async recording => (await recording.Rest).OfType<VoteEvent>().First()))).MaxBy(vote => vote.Granted)!;
        Assert.True(vote.Granted);
        Assert.Equal((PacketTypes.Vote, others[1]), (vote.Request.Type, vote.Request.Address));
    }

    [Fact]
    public async Task A_slow_round_trip_raises_the_threshold_event_and_a_failed_one_the_error_event()
    {
        var group = await Cluster.Create("talk/events-threshold", 0, 1);
        var node = await Cluster.Node(group, 0);
        await node.Message(MessageTarget.Everyone, await node.Packet("slow"));
        var talkative = Cluster.From(0).GetGrain<ITalkativeNode>(node.GetGrainId());
        Assert.Contains(await talkative.Heard(), line => line.StartsWith("threshold", StringComparison.Ordinal));

        var results = await node.Message(MessageTarget.Everyone, await node.Packet("broken"));
        Assert.Contains("broken on purpose", results.Errors[RaftCluster.Address(1)], StringComparison.Ordinal);
        Assert.Contains(await talkative.Heard(), line => line.StartsWith("error", StringComparison.Ordinal) && line.Contains("broken on purpose", StringComparison.Ordinal));
    }

    [Fact]
    public void The_states_have_liferafts_names_and_numbers() => Assert.Equal(
        ["Stopped=0", "Leader=1", "Candidate=2", "Follower=3", "Child=4"],
        Enum.GetValues<RaftState>().Select(state => $"{state}={(int)state}"));
}
