using CsCheck;
using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>Replication and commit.</summary>
public sealed partial class ScenarioTests
{
    [Fact]
    public void S21_late_acknowledgements_and_conflicts_neither_raise_nor_lower_what_is_known()
    {
        var leader = Given.Leader("A", term: 4, log: [1, 2, 3]);
        leader.Receive(Message.Conflict("B", "A", term: 4, rejected: 3, hint: 2, hintTerm: 2));
        leader.Receive(Message.Appended("B", "A", term: 4, match: 4));
        leader.Propose("x");
        leader.Outbox.Clear();
        leader.Receive(Message.Appended("B", "A", term: 3, match: 5));
        leader.Receive(Message.Appended("B", "A", term: 4, match: 2));
        leader.Receive(Message.Conflict("B", "A", term: 4, rejected: 3, hint: 2, hintTerm: 2));
        leader.Receive(Message.Conflict("B", "A", term: 3, rejected: 5, hint: 0, hintTerm: 0));
        Assert.Equal((4, 4L), (MatchOf(leader, "B"), leader.Commit));
        Assert.Empty(leader.Take<AppendRequest>());
    }

    [Fact]
    public void S21_a_late_answer_to_a_heartbeat_does_not_stop_the_stream()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.Hold = message => message is HeartbeatResponse;
        group.RunFor(60);
        group.Hold = null;
        leader.Propose("x");
        group.Settle();
        Assert.Equal(3, MatchOf(leader, "B"));

        // The answers say 2, which was true when they were given. Both followers hold 3 meanwhile, and the leader knows it.
        Assert.Equal(2, group.Held.Count);
        group.Held.ForEach(group.Deliver);
        Assert.Empty(leader.Take<AppendRequest>());
        leader.Propose("y");
        leader.Propose("z");
        Assert.Equal(4, leader.Take<AppendRequest>().Count);
    }

    [Fact]
    public void S22_an_old_acknowledgement_counts_nothing_for_the_next_membership_of_that_address()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.Hold = message => message is AppendResponse && message.From == Given.Id("C");
        leader.Propose("x");
        group.Settle();
        var old = Assert.Single(group.Held);
        group.Hold = null;
        leader.Remove("C", "remove");
        group.Settle();
        leader.Add(Given.Member("D", address: "C"), "add");
        group.Settle();
        leader.Receive(old);
        Assert.Equal(0, MatchOf(leader, "D"));
        Assert.Equal(RefusalReason.Removed, leader.TakeOne<Refusal>().Reason);
    }

    [Fact]
    public void S23_a_follower_commits_no_further_than_what_the_leader_has_verified()
    {
        var node = Given.Node("B", term: 3, log: [1, 2, 2, 2]);
        node.Receive(Message.Heartbeat("A", "B", term: 3, commit: 4));
        Assert.Equal(0, node.Commit);
        node.Receive(Message.Append("A", "B", term: 3, 1, 1, entries: [2], commit: 4));
        Assert.Equal(2, node.Commit);
        node.Receive(Message.Heartbeat("A", "B", term: 3, commit: 4));
        Assert.Equal(2, node.Commit);
        Assert.Equal([1, 2], node.Applied.Select(entry => entry.Entry.Index.Value));
    }

    [Fact]
    public void S23_what_an_older_leader_has_verified_is_not_verified_by_the_next()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, entries: [2, 2]));
        node.Receive(Message.Heartbeat("C", "B", term: 3, commit: 3));
        Assert.Equal(0, node.Commit);
    }

    [Fact]
    public void S24_a_late_append_that_is_shorter_than_the_log_does_not_shorten_it()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, entries: [2, 2, 2], commit: 2));
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, entries: [2]));
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, entries: []));
        Assert.Equal([1, 2, 2, 2], node.Disk.Terms);
        Assert.Equal(4, node.Take<AppendResponse>()[^1].Match.Value);
    }

    [Fact]
    public void S26_the_quorum_index_equals_a_brute_force_count() =>
        Gen.Select(Gen.Long[0, 9].Array[1, 7], Gen.Long[0, 9].Array[0, 5], Gen.Int[0, 7]).Sample((voters, outgoing, shared) =>
        {
            // The outgoing voters share some members with the incoming ones.
            var incoming = voters.Select((value, i) => (Name: $"v{i}", value)).ToList();
            var leaving = outgoing.Select((value, i) => i < shared && i < incoming.Count ? incoming[i] : (Name: $"o{i}", value)).ToList();
            var values = incoming.Concat(leaving).DistinctBy(member => member.Name).ToDictionary(member => Given.Id(member.Name), member => member.value);
            var configuration = new GroupConfiguration(
                [.. incoming.Select(member => Given.Member(member.Name))], [.. leaving.Select(member => Given.Member(member.Name))], [], [], GroupTimings.Default);

            bool IsHeld(long index) => HasMajority(incoming, index) && (leaving.Count == 0 || HasMajority(leaving, index));
            static bool HasMajority(List<(string Name, long Value)> members, long index) => 2 * members.Count(member => member.Value >= index) > members.Count;
            var expected = Enumerable.Range(0, 10).Last(index => IsHeld(index));
            Assert.Equal(expected, Quorum.Reached(configuration, values, static (values, id) => values[id]));
            Assert.True(Quorum.IsReached(configuration, (values, expected), static (x, id) => x.values[id] >= x.expected));
            Assert.False(Quorum.IsReached(configuration, (values, expected), static (x, id) => x.values[id] > x.expected));
        });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void S27_many_conflicting_terms_are_passed_over_in_few_round_trips(bool followerHasManyTerms)
    {
        int[] many = [1, .. Enumerable.Range(2, 60)];
        int[] few = [1, .. Enumerable.Repeat(1, 200)];
        var group = new TestGroup(
            ("A", Given.Disk("A", 62, followerHasManyTerms ? [.. few, 62] : many)), ("B", Given.Disk("B", 62, followerHasManyTerms ? many : few)), ("C", Given.Disk("C", 62, [1])));
        group.Isolate("B");
        group.Elect("A");
        group.Heal();
        var conflicts = 0;
        group.Hold = message =>
        {
            conflicts += message is AppendResponse { IsConflict: true } && message.From == Given.Id("B") ? 1 : 0;
            return false;
        };
        group.RunFor(1_000);
        Assert.Equal(group["A"].Disk.Terms, group["B"].Disk.Terms);
        Assert.InRange(conflicts, 1, 3);
    }

    [Fact]
    public void S28_without_a_majority_the_uncommitted_tail_is_bounded()
    {
        var leader = Given.Leader("A", term: 2, log: [1], settings: new RaftSettings { MaximumUncommittedBytes = 1_000 });
        for (var i = 0; i < 50; i++)
        {
            leader.Propose($"x{i}", bytes: 100);
        }

        Assert.InRange(leader.Answers.Count(answer => answer.Outcome == Outcome.Overloaded), 42, 45);
        leader.Receive(Message.Appended("B", "A", term: 2, match: leader.Last));
        leader.Answers.Clear();
        leader.Propose("y", bytes: 100);
        Assert.Null(leader.OutcomeOf("y"));
    }

    [Fact]
    public void S28_a_command_that_is_too_large_is_refused_and_not_appended()
    {
        var leader = Given.Leader("A", term: 2, log: [1], settings: new RaftSettings { MaximumCommandBytes = 10 });
        leader.Propose("x", bytes: 11);
        Assert.Equal((Outcome.TooLarge, 2), (leader.OutcomeOf("x"), leader.Last));
    }

    [Fact]
    public void S29_a_probe_that_was_lost_is_repeated_without_new_entries()
    {
        var group = new TestGroup("ABC");
        group.Hold = message => message is AppendRequest && message.To == Given.Id("C");
        group.Elect("A");
        Assert.Single(group.Held);
        (group.Hold, _) = (null, group.Held.RemoveAll(_ => true));
        group.RunFor(250);
        Assert.Equal((2, 2), (group["C"].Last, group["C"].Commit));
    }

    [Fact]
    public void S29_appends_that_were_lost_in_the_stream_are_repeated_without_new_entries()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.Hold = message => message is AppendRequest && message.To == Given.Id("C");
        leader.Propose("x");
        leader.Propose("y");
        group.Settle();
        (group.Hold, _) = (null, group.Held.RemoveAll(_ => true));
        group.RunFor(250);
        Assert.Equal((4, 4), (group["C"].Last, group["C"].Commit));
    }

    [Fact]
    public void S29_an_idle_follower_that_restarted_learns_what_is_committed()
    {
        var group = new TestGroup("ABC");
        group.Elect("A").Propose("x");
        group.RunFor(100);
        group["C"].Crash();
        group["C"].Restart();
        group.RunFor(250);
        Assert.Equal((3, 3), (group["C"].Commit, group["C"].Raft.AppliedIndex.Value));
    }

    [Fact]
    public void S29_appends_that_overtake_each_other_are_put_in_order_without_a_conflict()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.Hold = message => message is AppendRequest;
        for (var i = 0; i < 8; i++)
        {
            leader.Propose($"x{i}");
            group.Collect();
        }

        group.Settle();
        group.Held.Reverse();
        group.Hold = null;
        foreach (var message in group.Held)
        {
            group.Deliver(message);
        }

        group.Collect();
        Assert.DoesNotContain(group.InFlight, message => message is AppendResponse { IsConflict: true });
        group.Settle();
        Assert.Equal(10, leader.Commit);
    }

    [Fact]
    public void S30_messages_of_another_founding_or_another_membership_are_refused()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        var append = Message.Append("A", "B", term: 9, 1, 1, entries: [9]);
        node.Receive(append with { Group = new GroupId(Guid.Empty) });
        Assert.Equal(RefusalReason.WrongGroup, node.TakeOne<Refusal>().Reason);
        node.Receive(append with { To = Given.Id("Z") });
        Assert.Equal(RefusalReason.WrongMember, node.TakeOne<Refusal>().Reason);
        Assert.Equal((2, 1L), (node.Term, node.Last));
    }

    [Fact]
    public void S30_messages_of_the_term_before_are_ignored_after_a_restart()
    {
        var group = new TestGroup("ABC");
        group.Elect("A");
        group.Hold = message => message is AppendRequest or AppendResponse or HeartbeatResponse;
        group["A"].Propose("old");
        group["A"].Read("read");
        group.Settle();
        var ancient = group.Held.ToList();
        (group.Hold, _) = (null, group.Held.RemoveAll(_ => true));
        group["A"].Crash();
        group["A"].Restart();
        group.Elect("B").Propose("new");
        group.Settle();
        foreach (var message in ancient)
        {
            group.Deliver(message);
        }

        group.RunFor(100);
        Assert.Equal([1, 2, 3, 3], group["A"].Disk.Terms);
        Assert.All(group.Nodes, node => Assert.Equal(group["B"].Disk.Terms, node.Disk.Terms));
    }

    private static long MatchOf(TestNode leader, string follower) =>
        leader.Raft.Status().Followers.Single(status => status.Member.Id == Given.Id(follower)).Match.Value;

    [Fact]
    public void Answers_to_heartbeats_that_come_late_make_no_follower_be_probed_that_has_everything()
    {
        var leader = Given.Leader("A", term: 2, log: [1]);
        leader.Receive(Message.Appended("B", "A", term: 2, match: 2));
        for (var late = 0; late < 3; late++)
        {
            leader.Receive(Message.Heard("B", "A", term: 2, round: 0, verified: 1, match: 1));
        }

        AssertSentTogether(leader, "x", "y");
    }

    [Fact]
    public void A_follower_that_refused_and_has_everything_is_probed_no_more()
    {
        var leader = Given.Leader("A", term: 2, log: [1]);
        leader.Receive(Message.Appended("B", "A", term: 2, match: 2));
        leader.Receive(new Refusal { Group = Given.Group, From = Given.Id("B"), To = Given.Id("A"), Reason = RefusalReason.Blank, Actual = NodeIdentity.Blank });
        leader.Receive(Message.Heard("B", "A", term: 2, round: 1, verified: 2, match: 2));
        AssertSentTogether(leader, "x", "y");
    }

    /// <summary>Whoever is probed is sent one append, and the next when that is answered.</summary>
    private static void AssertSentTogether(TestNode leader, params string[] commands)
    {
        leader.Outbox.Clear();
        foreach (var command in commands)
        {
            leader.Propose(command);
        }

        var sent = leader.Take<AppendRequest>().Where(append => append.To == Given.Id("B")).ToList();
        Assert.Equal(commands.Length, sent.Count);
        Assert.DoesNotContain(sent, append => append.IsProbe);
    }
}
