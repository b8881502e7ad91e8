using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Paper;

/// <summary>Figure 2, "AppendEntries RPC".</summary>
public sealed partial class PaperTests
{
    /// <summary>AppendEntries, arguments: "term, leaderId, prevLogIndex, prevLogTerm, entries[], leaderCommit".</summary>
    [Fact]
    public void AppendEntries_carries_the_arguments_of_figure_2()
    {
        var leader = Given.Leader("A", term: 3, log: [1, 1, 2], voters: "ABC");
        leader.Receive(Message.Appended("B", "A", term: 3, match: 4));
        leader.Propose("x");
        var append = leader.Take<AppendRequest>().Single(append => append.To == Given.Id("B"));
        Assert.Equal((3, Given.Id("A")), (append.Term.Value, append.From));
        Assert.Equal((4, 3), (append.PreviousIndex.Value, append.PreviousTerm.Value));
        Assert.Equal((5, 3), (append.Entries.Single().Index.Value, append.Entries.Single().Term.Value));
        Assert.Equal(4, append.Commit.Value);
    }

    /// <summary>AppendEntries, leaderId: "so follower can redirect clients".</summary>
    [Fact]
    public void A_follower_knows_its_leader_and_names_it_to_clients()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, []));
        node.Propose("x");
        Assert.Equal((Outcome.NotLeader, "A"), (node.Answers[^1].Outcome, node.Answers[^1].Leader?.Address));
    }

    /// <summary>AppendEntries 1: "Reply false if term &lt; currentTerm (5.1)", and results: "term: currentTerm, for leader to update itself".</summary>
    [Fact]
    public void AppendEntries_1_refuses_an_older_term_and_names_the_present_one()
    {
        var node = Given.Node("B", term: 3, log: [1]);
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, entries: [2]));
        var answer = node.TakeOne<AppendResponse>();
        Assert.True(answer.IsConflict);
        Assert.Equal(3, answer.Term.Value);
        Assert.Equal(1, node.Last);
        Assert.Equal(MemberId.None, node.Raft.Leader);
    }

    /// <summary>AppendEntries 2: "Reply false if log doesn't contain an entry at prevLogIndex whose term matches prevLogTerm (5.3)": none there.</summary>
    [Fact]
    public void AppendEntries_2_refuses_when_there_is_no_entry_at_the_previous_index()
    {
        var node = Given.Node("B", term: 2, log: [1, 1]);
        node.Receive(Message.Append("A", "B", term: 2, 4, 1, entries: [2]));
        Assert.True(node.TakeOne<AppendResponse>().IsConflict);
        Assert.Equal(2, node.Last);
    }

    /// <summary>AppendEntries 2, the other case: an entry of another term.</summary>
    [Fact]
    public void AppendEntries_2_refuses_when_the_entry_at_the_previous_index_is_of_another_term()
    {
        var node = Given.Node("B", term: 4, log: [1, 1, 2]);
        node.Receive(Message.Append("A", "B", term: 4, 3, 3, entries: [4]));
        var answer = node.TakeOne<AppendResponse>();
        Assert.Equal((true, 3), (answer.IsConflict, answer.RejectedIndex.Value));
        Assert.Equal([1, 1, 2], node.Disk.Terms);
    }

    /// <summary>AppendEntries 3: "If an existing entry conflicts with a new one, delete the existing entry and all that follow it (5.3)".</summary>
    [Fact]
    public void AppendEntries_3_deletes_a_conflicting_entry_and_all_that_follow_it()
    {
        var node = Given.Node("B", term: 4, log: [1, 1, 2, 2, 2]);
        node.Receive(Message.Append("A", "B", term: 4, 2, 1, entries: [4]));
        Assert.Equal([1, 1, 4], node.Disk.Terms);
    }

    /// <summary>AppendEntries 3, the other way round: what does not conflict is not deleted.</summary>
    [Fact]
    public void AppendEntries_3_keeps_entries_that_do_not_conflict()
    {
        var node = Given.Node("B", term: 4, log: [1, 1, 2, 2, 2]);
        node.Receive(Message.Append("A", "B", term: 4, 1, 1, entries: [1, 2]));
        Assert.Equal([1, 1, 2, 2, 2], node.Disk.Terms);
        Assert.Equal(3, node.TakeOne<AppendResponse>().Match.Value);
    }

    /// <summary>AppendEntries 4: "Append any new entries not already in the log".</summary>
    [Fact]
    public void AppendEntries_4_appends_the_entries_that_are_not_in_the_log()
    {
        var node = Given.Node("B", term: 4, log: [1, 1, 2]);
        node.Receive(Message.Append("A", "B", term: 4, 1, 1, entries: [1, 2, 4, 4]));
        Assert.Equal([1, 1, 2, 4, 4], node.Disk.Terms);
        Assert.Equal(5, node.Take<AppendResponse>()[^1].Match.Value);
    }

    /// <summary>AppendEntries 5: "If leaderCommit &gt; commitIndex, set commitIndex = min(leaderCommit, index of last new entry)".</summary>
    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 3)]
    [InlineData(9, 3)]
    public void AppendEntries_5_commits_to_the_leaders_commit_index_or_to_the_last_new_entry(long leaderCommit, long expected)
    {
        var node = Given.Node("B", term: 2, log: [1, 1, 1, 1, 1]);
        node.Receive(Message.Append("A", "B", term: 2, 1, 1, entries: [1, 1], commit: leaderCommit));
        Assert.Equal(expected, node.Commit);
    }

    /// <summary>AppendEntries, success: "true if follower contained entry matching prevLogIndex and prevLogTerm"; also without entries, as a probe.</summary>
    [Fact]
    public void AppendEntries_without_entries_succeeds_where_the_previous_entry_matches()
    {
        var node = Given.Node("B", term: 2, log: [1, 1, 2]);
        node.Receive(Message.Append("A", "B", term: 2, 3, 2, []));
        var answer = node.TakeOne<AppendResponse>();
        Assert.Equal((false, 3), (answer.IsConflict, answer.Match.Value));
    }
}
