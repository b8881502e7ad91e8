using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>A member that is dead for good gives way to another in one operation.</summary>
public sealed class ReplacementTests
{
    [Fact]
    public void The_dead_one_goes_in_the_step_in_which_the_new_one_comes()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group["C"].Crash();
        group.StartBlank("D");
        var sizes = new HashSet<int>();
        leader.Replace("C", Given.Member("D"), "replace");
        for (var i = 0; i < 10 && leader.OutcomeOf("replace") is null; i++)
        {
            sizes.Add(leader.Raft.Configuration.Voters.Length);
            group.RunFor(50);
        }

        Assert.Equal(Outcome.Done, leader.OutcomeOf("replace"));
        Assert.Equal("ABD", string.Concat(leader.Raft.Configuration.Voters.Select(voter => voter.Address)));
        Assert.Contains(Given.Id("C"), leader.Raft.Configuration.Removed);
        Assert.Equal([3], sizes);
        Assert.False(leader.Raft.Configuration.IsJoint);
    }

    [Fact]
    public void As_long_as_the_new_one_has_not_caught_up_the_old_one_stays()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        leader.Replace("C", Given.Member("D"), "replace");
        group.RunFor(500);
        Assert.Null(leader.OutcomeOf("replace"));
        Assert.True(leader.Raft.Configuration.IsVoter(Given.Id("C")));
        leader.Propose("x");
        group.Settle();
        Assert.True(leader.HasApplied("x"));
    }

    [Fact]
    public void The_next_leader_goes_on_with_it()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.StartBlank("D");
        group.Isolate("D");
        leader.Replace("C", Given.Member("D"), "replace");
        group.RunFor(100);
        leader.Crash();
        group.Heal();
        group.RunFor(2_000);
        Assert.Equal("ABD", string.Concat(group.Leader.Raft.Configuration.Voters.Select(voter => voter.Address)));
    }

    [Fact]
    public void The_new_one_may_have_the_address_of_the_old_one()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group["C"].Crash();
        group.StartBlank("D");
        leader.Replace("C", Given.Member("D", address: "C"), "replace");
        group.RunFor(300);
        Assert.Equal(Outcome.Done, leader.OutcomeOf("replace"));
        Assert.Equal([Given.Id("A"), Given.Id("B"), Given.Id("D")], leader.Raft.Configuration.Voters.Select(voter => voter.Id));
    }

    [Fact]
    public void Repeated_it_changes_nothing_and_says_done()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.StartBlank("D");
        leader.Replace("C", Given.Member("D"), "replace");
        group.RunFor(300);
        var last = leader.Last;
        leader.Replace("C", Given.Member("D"), "again");
        group.RunFor(100);
        Assert.Equal((Outcome.Done, last), (leader.OutcomeOf("again"), leader.Last));
    }

    [Fact]
    public void Nobody_is_no_one_to_replace()
    {
        var leader = Given.Leader("A", term: 2, log: [1]);
        leader.Receive(Message.Appended("B", "A", 2, match: 2));
        leader.Replace("X", Given.Member("D"), "replace");
        Assert.Equal(Outcome.UnknownMember, leader.OutcomeOf("replace"));
    }

    [Fact]
    public void A_learner_can_be_replaced_too()
    {
        var group = new TestGroup("AB");
        var leader = group.Elect("A");
        leader.Add(Given.Member("L"), "add", isVoter: false);
        group.RunFor(100);
        group.StartBlank("D");
        leader.Replace("L", Given.Member("D"), "replace");
        group.RunFor(300);
        Assert.Equal(Outcome.Done, leader.OutcomeOf("replace"));
        Assert.Empty(leader.Raft.Configuration.Learners);
        Assert.Contains(Given.Id("L"), leader.Raft.Configuration.Removed);
    }

    [Fact]
    public void S42_a_leader_that_was_replaced_campaigns_as_long_as_its_removal_is_not_committed()
    {
        // A alone has the entry with which it goes, and B, which comes, needs A's vote and has the shorter log. Found by the simulator, seed 52.
        var group = new TestGroup("A");
        var leader = group.Elect("A");
        group.StartBlank("B");
        group.Hold = message => message is AppendRequest append && append.Entries.Any(entry => entry.Kind == EntryKind.Configuration && !GroupConfigurationCodec.Decode(entry.Payload).IsJoint)
            && leader.Raft.Configuration is { IsJoint: false, Voters.Length: 1 } configuration && configuration.Voters[0].Id == Given.Id("B");
        leader.Replace("A", Given.Member("B"), "replace");
        group.RunFor(100);
        Assert.Equal([Given.Id("B")], leader.Raft.Configuration.Voters.Select(voter => voter.Id));
        Assert.True(group["B"].Raft.Configuration.IsJoint);
        leader.Crash();
        group.Hold = null;
        leader.Restart();
        group.RunFor(3_000);
        Assert.Equal((RaftState.Leader, false), (group["B"].State, group["B"].Raft.Configuration.IsJoint));
        Assert.Equal(NodeEnd.Removed, leader.End);
    }
}
