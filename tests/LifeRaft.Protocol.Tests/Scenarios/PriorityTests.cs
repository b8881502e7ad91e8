using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>Leadership goes to those who would rather lead, without wandering and without costing a request.</summary>
public sealed class PriorityTests
{
    [Fact]
    public void A_leader_hands_over_to_a_voter_of_a_higher_priority()
    {
        var group = GroupThatPrefersC();
        group.Elect("A");
        group.RunFor(5_000);
        Assert.Equal("C", group.Leader.Name);
        var term = group.Leader.Term;
        group.RunFor(20_000);
        Assert.Equal(term, group.Leader.Term);
    }

    [Fact]
    public void It_does_not_hand_over_to_one_that_is_down_or_lags()
    {
        var group = GroupThatPrefersC();
        var leader = group.Elect("A");
        group["C"].Crash();
        leader.Propose("x");
        group.RunFor(10_000);
        Assert.Equal(2, leader.Term);
        leader.Propose("y");
        group.Settle();
        Assert.True(leader.HasApplied("y"));
    }

    [Fact]
    public void Who_has_to_go_prefers_the_same()
    {
        var group = GroupThatPrefersC();
        var leader = group.Elect("A");
        group.RunFor(100);
        leader.Transfer(null);
        group.Settle();
        Assert.Equal("C", group.Leader.Name);
    }

    [Fact]
    public void S47_no_caller_is_left_without_an_outcome_by_a_transfer()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.Hold = message => message is AppendResponse && message.From == Given.Id("B");
        leader.WritesByHand = true;
        leader.Propose("x");
        leader.Transfer("C");

        // C has everything, but neither A's disk nor B has: x is not committed, and A waits with the request to campaign.
        group.Settle();
        Assert.Equal((RaftState.Leader, 2), (leader.State, leader.Term));
        leader.CompleteWrite();
        leader.WritesByHand = false;
        group.Settle();
        Assert.Equal("C", group.Leader.Name);
        Assert.True(leader.HasApplied("x"));
        Assert.Null(leader.OutcomeOf("x"));
    }

    [Fact]
    public void S63_a_leader_whose_disk_stands_still_hands_over()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.RunFor(60);
        leader.WritesByHand = true;
        leader.Propose("x");
        group.RunFor(250);
        Assert.Equal("A", group.Leader.Name);
        group.RunFor(500);
        Assert.NotEqual("A", group.Leader.Name);
        Assert.Null(leader.OutcomeOf("x"));

        // The entry is committed, and its caller gets the result when the disk is back.
        leader.CompleteWrite();
        Assert.True(leader.HasApplied("x"));
    }

    [Fact]
    public void S63_a_follower_whose_disk_stands_still_costs_a_bounded_memory_and_nobody_waits_for_it()
    {
        var settings = new RaftSettings { MaximumAppendsInFlight = 4, MaximumBytesPerAppend = 1_000 };
        var group = new TestGroup("ABC", settings);
        var leader = group.Elect("A");
        group.RunFor(60);
        group["C"].WritesByHand = true;
        for (var i = 0; i < 200; i++)
        {
            leader.Propose($"x{i}", bytes: 900);
            group.Settle();
            Assert.True(leader.HasApplied($"x{i}"));
        }

        var held = group["C"].Last - group["C"].Raft.Status().Durable.Value;
        Assert.True(held <= 6, $"C holds {held} entries that are not on its disk.");
        Assert.Equal("A", group.Leader.Name);
    }

    private static TestGroup GroupThatPrefersC()
    {
        var group = new TestGroup("AB");
        foreach (var (name, priority) in new[] { ("A", 0), ("B", 0), ("C", 5) })
        {
            group.Start(name, Given.Disk(name, 1, [1]), new RaftSettings { LeaderPriority = priority });
        }

        return group;
    }
}
