using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>Reads by lease: what they rest on, and what ends it.</summary>
public sealed class LeaseTests
{
    private static readonly TimeSpan _electionMin = GroupTimings.Default.ElectionMin;

    [Fact]
    public void A_leader_whose_heartbeat_a_majority_answered_reads_without_asking()
    {
        var leader = LeaderWithLease();
        leader.ReadByLease("read");
        Assert.Equal(Outcome.Done, leader.OutcomeOf("read"));
        Assert.Empty(leader.Take<HeartbeatRequest>());
    }

    [Fact]
    public void A_read_that_does_not_ask_for_the_lease_is_confirmed_by_heartbeats()
    {
        var leader = LeaderWithLease();
        leader.Read("read");
        Assert.Null(leader.OutcomeOf("read"));
        Assert.Equal(2, leader.Take<HeartbeatRequest>().Count);
    }

    [Fact]
    public void S52_a_lease_is_shorter_than_the_election_timeout_by_the_drift_of_the_clocks()
    {
        var group = new TestGroup("ABC", new RaftSettings { MaximumClockDrift = 0.5 });
        var leader = group.Elect("A");
        group.RunFor(50);
        var confirmed = group.Clock.Now;
        group.Isolate("A");
        group.Clock.Now = confirmed + (_electionMin / 1.5) - TimeSpan.FromMilliseconds(1);
        leader.ReadByLease("early");
        group.Clock.Now = confirmed + (_electionMin / 1.5);
        leader.ReadByLease("late");
        Assert.Equal((Outcome.Done, null), (leader.OutcomeOf("early"), leader.OutcomeOf("late")));
    }

    [Fact]
    public void S52_a_leader_that_stood_still_for_longer_than_its_lease_asks_a_majority()
    {
        var leader = LeaderWithLease();
        leader.Clock.Now += TimeSpan.FromSeconds(1);
        leader.ReadByLease("read");
        Assert.Null(leader.OutcomeOf("read"));
        Assert.NotEmpty(leader.Take<HeartbeatRequest>());
    }

    [Fact]
    public void S48_the_lease_ends_when_leadership_is_being_handed_over_and_does_not_come_back_in_that_term()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.RunFor(50);
        Assert.True(leader.Raft.HoldsLease);
        group.Hold = message => message is TimeoutNow;
        leader.Transfer("C");
        Assert.False(leader.Raft.HoldsLease);
        group.RunFor(600);
        Assert.Equal((Outcome.TimedOut, RaftState.Leader), (leader.OutcomeOf("transfer"), leader.State));

        // The request to campaign is still on its way, and C may act on it at any time.
        Assert.Single(group.Held);
        Assert.False(leader.Raft.HoldsLease);
    }

    [Fact]
    public void A_transfer_that_never_asked_its_target_gives_the_lease_back()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.Isolate("C");
        leader.Propose("x");
        group.Settle();
        leader.Transfer("C");
        Assert.False(leader.Raft.HoldsLease);
        group.RunFor(500);
        Assert.True(leader.Raft.HoldsLease);
    }

    [Fact]
    public void S49_a_new_leader_holds_no_lease_before_its_first_entry_is_committed()
    {
        var leader = Given.Leader("A", term: 2, log: [1]);
        leader.Receive(Message.Heard("B", "A", 2, round: 0));
        leader.TimeOut();
        leader.Receive(Message.Heard("B", "A", 2, round: 1));
        Assert.False(leader.Raft.HoldsLease);
        leader.Receive(Message.Appended("B", "A", 2, match: 2));
        Assert.True(leader.Raft.HoldsLease);
    }

    [Fact]
    public void Who_campaigns_although_a_leader_is_heard_commits_nothing_before_that_leaders_lease_is_over()
    {
        var group = new TestGroup("ABC");
        var old = group.Elect("A");
        group.RunFor(50);
        group.Cut("A", "B");
        group.Cut("A", "C");
        var heard = group.Clock.Now;
        group["B"].Campaign();
        group.Settle();
        group["B"].Propose("new");
        group.Settle();
        Assert.Equal(RaftState.Leader, group["B"].State);

        // A still believes that nobody else can lead, and may answer: so nothing may have been committed that it does not know.
        old.ReadByLease("read");
        Assert.Equal(Outcome.Done, old.OutcomeOf("read"));
        Assert.Equal(2, group["B"].Commit);
        group.RunFor((_electionMin - (group.Clock.Now - heard)).TotalMilliseconds);
        Assert.Equal(4, group["B"].Commit);
        Assert.False(old.Raft.HoldsLease);
    }

    [Fact]
    public void Who_campaigns_by_force_without_a_leader_in_sight_need_not_wait()
    {
        var group = new TestGroup("ABC");
        group["B"].Campaign();
        group.Settle();
        Assert.Equal(2, group["B"].Commit);
    }

    [Fact]
    public void Who_was_handed_leadership_commits_at_once()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.RunFor(50);
        leader.Transfer("C");
        group.Settle();
        Assert.Equal((RaftState.Leader, 3L), (group["C"].State, group["C"].Commit));
    }

    [Fact]
    public void A_voter_that_has_started_anew_votes_for_nobody_for_an_election_timeout()
    {
        var node = new TestNode("B", new TestClock(), Given.Disk("B", 2, [1, 2]), guardsLease: true);
        node.Receive(Message.VoteRequest("C", "B", term: 3, lastIndex: 9, lastTerm: 2));
        Assert.False(node.TakeOne<VoteResponse>().Granted);
        Assert.Equal(2, node.Term);
        node.Clock.Now += _electionMin;
        node.Receive(Message.VoteRequest("C", "B", term: 3, lastIndex: 9, lastTerm: 2));
        Assert.True(node.TakeOne<VoteResponse>().Granted);
    }

    [Fact]
    public void A_promise_to_a_leader_outlives_its_term()
    {
        // B hears A, then adopts the term of a candidate by force that does not win. Whoever campaigns next still has to wait for A's lease.
        var node = Given.Node("B", term: 2, log: [1, 2]);
        node.Receive(Message.Heartbeat("A", "B", term: 2));
        node.Receive(Message.VoteRequest("C", "B", term: 3, lastIndex: 1, lastTerm: 1, deliberate: true));
        Assert.Equal(3, node.Term);
        node.Outbox.Clear();
        node.Receive(Message.VoteRequest("D", "B", term: 4, lastIndex: 9, lastTerm: 3));
        Assert.False(node.TakeOne<VoteResponse>().Granted);
        Assert.Equal(3, node.Term);
    }

    [Fact]
    public void The_age_of_the_state_is_the_time_since_a_leader_said_what_was_committed()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        Assert.Null(group["B"].Raft.AgeOfState(group.Clock.Now));
        group.RunFor(50);
        Assert.Equal(TimeSpan.Zero, group["B"].Raft.AgeOfState(group.Clock.Now));
        Assert.Equal(TimeSpan.Zero, leader.Raft.AgeOfState(group.Clock.Now));
        group.Isolate("B");
        leader.Propose("x");
        group.RunFor(100);
        Assert.Equal(TimeSpan.FromMilliseconds(100), group["B"].Raft.AgeOfState(group.Clock.Now));
    }

    [Fact]
    public void A_follower_that_has_heard_and_not_applied_is_as_old_as_what_it_has_applied()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.RunFor(50);
        group["B"].AppliesByHand = true;
        leader.Propose("x");
        group.RunFor(100);
        Assert.Equal(TimeSpan.FromMilliseconds(100), group["B"].Raft.AgeOfState(group.Clock.Now));
        group["B"].CompleteApply();
        Assert.Equal(TimeSpan.Zero, group["B"].Raft.AgeOfState(group.Clock.Now));
    }

    [Fact]
    public void A_follower_at_which_nobody_has_looked_for_long_is_as_fresh_as_its_leader_said_last()
    {
        var group = new TestGroup("ABC");
        group.Elect("A");
        group.RunFor(60_000);
        Assert.InRange(group["B"].Raft.AgeOfState(group.Clock.Now)!.Value, TimeSpan.Zero, GroupTimings.Default.Heartbeat);
    }

    /// <summary>A leads, and its last heartbeat was answered by B a moment ago.</summary>
    private static TestNode LeaderWithLease()
    {
        var leader = Given.Leader("A", term: 2, log: [1]);
        leader.Receive(Message.Appended("B", "A", 2, match: 2));
        leader.TimeOut();
        leader.Receive(Message.Heard("B", "A", 2, round: 1));
        leader.Outbox.Clear();
        return leader;
    }
}
