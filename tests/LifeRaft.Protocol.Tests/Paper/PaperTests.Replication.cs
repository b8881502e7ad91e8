using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Paper;

/// <summary>Sections 5.3 and 5.5: log replication, Figure 7.</summary>
public sealed partial class PaperTests
{
    /// <summary>5.3: "the leader retries AppendEntries RPCs indefinitely (even after it has responded to the client) until all followers eventually store all log entries".</summary>
    [Fact]
    public void Section_5_3_the_leader_retries_until_all_followers_store_everything()
    {
        var group = new TestGroup("ABC");
        group.Elect("A");
        group.Cut("A", "C");
        for (var i = 0; i < 20; i++)
        {
            group["A"].Propose($"x{i}");
            group.Settle();
        }

        Assert.True(group["A"].HasApplied("x19"));
        Assert.Equal(2, group["C"].Last);
        group.RunFor(1_000);
        group.Heal();
        group.RunFor(500);
        Assert.Equal(group["A"].Disk.Terms, group["C"].Disk.Terms);
        Assert.Equal(22, group["C"].Raft.AppliedIndex.Value);
    }

    /// <summary>5.3: "This also commits all preceding entries in the leader's log, including entries created by previous leaders."</summary>
    [Fact]
    public void Section_5_3_committing_an_entry_commits_all_before_it()
    {
        var leader = Given.Leader("A", term: 5, log: [1, 2, 3, 3]);
        leader.Receive(Message.Appended("B", "A", term: 5, match: 5));
        Assert.Equal(5, leader.Commit);
        Assert.Equal([1, 2, 3, 4, 5], leader.Applied.Select(entry => entry.Entry.Index.Value));
    }

    /// <summary>5.3: "The leader keeps track of the highest index it knows to be committed, and it includes that index in future AppendEntries RPCs (including heartbeats) so that the other servers eventually find out."</summary>
    [Fact]
    public void Section_5_3_followers_find_out_from_a_heartbeat_what_is_committed()
    {
        var group = new TestGroup("ABC");
        group.Elect("A").Propose("x");
        group.Settle();
        Assert.Equal(3, group["A"].Commit);
        group.RunFor(60);
        Assert.All(group.Nodes, node => Assert.Equal((3, 3), (node.Commit, node.Raft.AppliedIndex.Value)));
    }

    /// <summary>5.3, Log Matching: "If two entries in different logs have the same index and term, then they store the same command [and] the logs are identical in all preceding entries."</summary>
    [Fact]
    public void Section_5_3_logs_that_agree_in_one_entry_agree_in_all_before_it()
    {
        var group = new TestGroup(("A", Given.Disk("A", 3, [1, 1, 2, 2, 3])), ("B", Given.Disk("B", 3, [1, 1, 1, 1, 1, 1])), ("C", Given.Disk("C", 3, [1])));
        group.Elect("A");
        Assert.All(group.Nodes, node => Assert.Equal(group["A"].Disk.Log.Select(entry => entry.Encoded.ToArray()), node.Disk.Log.Select(entry => entry.Encoded.ToArray())));
    }

    /// <summary>5.3, Leader Append-Only: "a leader never overwrites or deletes entries in its log; it only appends new entries".</summary>
    [Fact]
    public void Section_5_3_a_leader_keeps_its_log_whatever_its_followers_answer()
    {
        var leader = Given.Leader("A", term: 5, log: [1, 2, 3]);
        leader.Receive(Message.Conflict("B", "A", term: 5, rejected: 3, hint: 0, hintTerm: 0));
        leader.Receive(Message.Conflict("C", "A", term: 5, rejected: 3, hint: 2, hintTerm: 1));
        leader.Receive(Message.Heard("B", "A", term: 5, round: 1));
        Assert.Equal([1, 2, 3, 5], leader.Disk.Terms);
    }

    /// <summary>5.3: "AppendEntries RPCs can be reduced ... the leader can decrement nextIndex to bypass all of the conflicting entries in that term".</summary>
    [Fact]
    public void Section_5_3_a_conflict_bypasses_all_entries_of_the_conflicting_term()
    {
        var node = Given.Node("B", term: 5, log: [1, 1, 4, 4, 4, 4, 4, 4]);
        node.Receive(Message.Append("A", "B", term: 5, 8, 3, []));
        var answer = node.TakeOne<AppendResponse>();
        Assert.Equal((2, 1), (answer.HintIndex.Value, answer.HintTerm.Value));

        var leader = Given.Leader("A", term: 6, log: [1, 1, 5, 5, 5, 5]);
        leader.Receive(Message.Conflict("B", "A", term: 6, rejected: 6, hint: 6, hintTerm: 4));
        Assert.Equal(2, leader.TakeOne<AppendRequest>().PreviousIndex.Value);
    }

    /// <summary>
    /// Figure 7: "When the leader at the top comes to power, it is possible that any of scenarios (a-f) could occur in follower logs."
    /// Whatever they hold, all are brought in line with the leader's log.
    /// </summary>
    [Theory]
    [InlineData("a: one entry is missing", new[] { 1, 1, 1, 4, 4, 5, 5, 6, 6 })]
    [InlineData("b: many are missing", new[] { 1, 1, 1, 4 })]
    [InlineData("c: one too many, of the last term", new[] { 1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6 })]
    [InlineData("d: two too many, of a later term", new[] { 1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7 })]
    [InlineData("e: another end of an earlier term", new[] { 1, 1, 1, 4, 4, 4, 4 })]
    [InlineData("f: another end of terms that nobody else knows", new[] { 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3 })]
    public void Figure_7_each_log_is_brought_in_line(string what, int[] log)
    {
        int[] leaders = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
        var group = new TestGroup(("L", Given.Disk("L", 7, leaders, "LMF")), ("M", Given.Disk("M", 7, [1], "LMF")), ("F", Given.Disk("F", 7, log, "LMF")));
        group.Elect("L").Propose("x");
        group.Settle();
        int[] expected = [.. leaders, 8, 8];
        Assert.True(expected.SequenceEqual(group["F"].Disk.Terms), $"{what}: {string.Join(",", group["F"].Disk.Terms)}");
        group.RunFor(60);
        Assert.Equal(12, group["F"].Commit);
    }

    /// <summary>Figure 7, all six at once, with the votes that the leader can win.</summary>
    [Fact]
    public void Figure_7_all_logs_at_once()
    {
        int[] leaders = [1, 1, 1, 4, 4, 5, 5, 6, 6, 6];
        var group = new TestGroup(
            ("L", Given.Disk("L", 7, leaders, "LABCDEF")),
            ("A", Given.Disk("A", 6, [1, 1, 1, 4, 4, 5, 5, 6, 6], "LABCDEF")),
            ("B", Given.Disk("B", 4, [1, 1, 1, 4], "LABCDEF")),
            ("C", Given.Disk("C", 6, [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6], "LABCDEF")),
            ("D", Given.Disk("D", 7, [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7], "LABCDEF")),
            ("E", Given.Disk("E", 4, [1, 1, 1, 4, 4, 4, 4], "LABCDEF")),
            ("F", Given.Disk("F", 3, [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3], "LABCDEF")));
        group.Elect("L");
        Assert.Equal(["C", "D"], group.Nodes.Where(node => node.Disk.HardState.VotedFor != Given.Id("L")).Select(node => node.Name));
        Assert.All(group.Nodes, node => Assert.Equal([.. leaders, 8], node.Disk.Terms));
    }

    /// <summary>5.5: "Raft RPCs are idempotent, so this causes no harm": an append that is repeated is answered again and changes nothing.</summary>
    [Fact]
    public void Section_5_5_a_repeated_request_causes_no_harm()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        var append = Message.Append("A", "B", term: 2, 1, 1, entries: [2, 2]);
        node.Receive(append);
        var before = node.Disk.Log.ToList();
        node.Take<AppendResponse>();
        node.Receive(append);
        Assert.Equal(3, node.TakeOne<AppendResponse>().Match.Value);
        Assert.Equal(before, node.Disk.Log);
    }

    /// <summary>5.5: "If a server crashes after completing an RPC but before responding, then it will receive the same RPC again after it restarts."</summary>
    [Fact]
    public void Section_5_5_a_server_that_crashed_before_it_answered_is_asked_again()
    {
        var group = new TestGroup("ABC");
        group.Elect("A");
        group.Hold = message => message is AppendResponse && message.From == Given.Id("C");
        group["A"].Propose("x");
        group.Settle();
        group["C"].Crash();
        (group.Hold, _) = (null, group.Held.RemoveAll(_ => true));
        group["C"].Restart();
        group.RunFor(500);
        Assert.Equal(3, MatchOf(group["A"], "C"));
        Assert.Equal(3, group["C"].Commit);
    }
}
