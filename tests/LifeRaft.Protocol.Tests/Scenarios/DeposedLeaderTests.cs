using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>What becomes of commands that a leader had accepted and not yet committed when it was deposed.</summary>
public sealed class DeposedLeaderTests
{
    [Fact]
    public void Who_waits_gets_its_result_from_the_deposed_leader_when_the_next_one_commits_the_command()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.Hold = message => message is AppendResponse;
        leader.Propose("x");
        group.Settle();
        group.Hold = null;
        group.Elect("B");
        group.RunFor(GroupTimings.Default.Heartbeat.TotalMilliseconds);
        Assert.Equal(RaftState.Follower, leader.State);
        Assert.True(leader.HasApplied("x"));
        Assert.Null(leader.OutcomeOf("x")); // The state machine's result answers it.
    }

    [Fact]
    public void Who_waits_learns_that_the_outcome_is_unknown_when_the_entry_is_overwritten()
    {
        var leader = Leading();
        leader.Receive(Message.Heartbeat("B", "A", term: 4));
        Assert.Equal((null, null), (leader.OutcomeOf("x"), leader.OutcomeOf("y")));

        // Index 2 was this leader's own first entry, 3 is x, 4 is y.
        leader.Receive(Message.Append("B", "A", term: 4, previousIndex: 3, previousTerm: 3, entries: [4]));
        Assert.Equal((null, Outcome.Unknown), (leader.OutcomeOf("x"), leader.OutcomeOf("y")));
        leader.Receive(Message.Append("B", "A", term: 4, previousIndex: 4, previousTerm: 4, entries: [], commit: 4));
        Assert.True(leader.HasApplied("x"));
        Assert.False(leader.HasApplied("y"));
    }

    [Fact]
    public void Who_waits_learns_that_the_outcome_is_unknown_when_no_leader_is_heard()
    {
        var leader = Leading();
        leader.Receive(Message.Conflict("B", "A", term: 4, rejected: 1, hint: 0, hintTerm: 0));
        Assert.Null(leader.OutcomeOf("x"));
        leader.TimeOut();
        Assert.Equal((Outcome.Unknown, Outcome.Unknown), (leader.OutcomeOf("x"), leader.OutcomeOf("y")));
    }

    [Fact]
    public void Who_waits_gets_its_result_when_the_deposed_leader_leads_again()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.Hold = message => message is AppendRequest;
        leader.Propose("x");
        group.Settle();
        leader.Receive(Message.Conflict("B", "A", term: leader.Term + 1, rejected: 1, hint: 0, hintTerm: 0));
        group.Hold = null;
        group.Elect("A");
        leader.Propose("y");
        group.Settle();
        Assert.True(leader.IsLeader);
        Assert.True(leader.HasApplied("x") && leader.HasApplied("y"));
    }

    private static TestNode Leading()
    {
        var leader = Given.Leader("A", term: 3, log: [1]);
        leader.Propose("x");
        leader.Propose("y");
        return leader;
    }
}
