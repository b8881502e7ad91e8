using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Paper;

/// <summary>Section 5.4.2, Figure 8: "why a leader cannot determine commitment using log entries from older terms". S1 to S5 are A to E.</summary>
public sealed partial class PaperTests
{
    /// <summary>Figure 8 (a) to (d): the entry of term 2 is on a majority, not committed, and is overwritten by the leader of term 5.</summary>
    [Fact]
    public void Figure_8_d_an_old_entry_on_a_majority_may_be_overwritten()
    {
        var group = Figure8UpToC();
        group["A"].Crash();
        group.DropAll();
        group["E"].Restart();
        ElectAbove(group, "E", 4);
        Assert.Equal([1, 3, 5], group["B"].Disk.Terms);
        Assert.All(group.Nodes.Where(node => node.IsUp), node => Assert.Equal(group["E"].Disk.Terms, node.Disk.Terms));
        Assert.Equal(3, group["E"].Commit);
    }

    /// <summary>Figure 8 (e): once an entry of term 4 is on a majority, both are committed and S5 cannot be elected.</summary>
    [Fact]
    public void Figure_8_e_an_entry_of_the_own_term_commits_the_old_one_too()
    {
        var group = Figure8UpToC();
        group.DeliverHeld();
        Assert.Equal(3, group["A"].Commit);
        group["A"].Crash();
        group.DropAll();
        group["E"].Restart();
        for (var i = 0; i < 5; i++)
        {
            group["E"].Campaign();
            group.Settle();
            Assert.NotEqual(RaftState.Leader, group["E"].State);
        }

        group.RunFor(2_000);
        Assert.Equal([1, 2, 4], group.Leader.Disk.Terms.Take(3));
    }

    private static TestGroup Figure8UpToC()
    {
        // One entry per append, so that the entry of term 2 can travel without that of term 4.
        var group = new TestGroup("ABCDE", new RaftSettings { MaximumBytesPerAppend = 1 });

        // (a) S1 is leader of term 2 and partially replicates the entry at index 2.
        group.Hold = message => message is AppendRequest && message.To != Given.Id("B");
        group.Elect("A");
        Assert.Equal([1, 2], group["B"].Disk.Terms);
        Assert.Equal([1], group["C"].Disk.Terms);

        // (b) S1 crashes; S5 is elected for term 3 with votes of S3, S4 and itself, and accepts a different entry at index 2.
        group["A"].Crash();
        group.DropAll();
        group.Held.Clear();
        group.Hold = message => message is AppendRequest;
        group["E"].Campaign();
        group.Settle();
        Assert.Equal((RaftState.Leader, 3), (group["E"].State, group["E"].Term));
        Assert.Equal([1, 3], group["E"].Disk.Terms);

        // (c) S5 crashes; S1 restarts, is elected and goes on replicating. The entry of term 2 is on a majority, but not committed.
        group["E"].Crash();
        group.DropAll();
        group.Held.Clear();
        group["A"].Restart();
        group.Hold = message => message is AppendRequest append && append.Entries.Any(entry => entry.Term.Value == 4)
            && group.Nodes.Single(node => node.Id == append.To).Disk.Terms.Contains(2);
        ElectAbove(group, "A", 3);
        Assert.Equal(4, group["A"].Term);
        Assert.Equal(["A", "B", "C", "D"], group.Nodes.Where(node => node.Disk.Terms.ElementAtOrDefault(1) == 2).Select(node => node.Name));
        Assert.Equal(2, MatchOf(group["A"], "C"));
        Assert.Equal(0, group["A"].Commit);
        return group;
    }

    private static void ElectAbove(TestGroup group, string name, int term)
    {
        while (group[name].State != RaftState.Leader)
        {
            Assert.True(group[name].Term <= term + 1, $"{name} cannot be elected.");
            group.Clock.Now += GroupTimings.Default.ElectionMin;
            group[name].Campaign();
            group.Settle();
        }
    }
}
