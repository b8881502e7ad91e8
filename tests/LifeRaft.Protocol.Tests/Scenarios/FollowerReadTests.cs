using LifeRaft.Protocol.Tests.Harness;
using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>Linearizable reads on followers and learners.</summary>
public sealed class FollowerReadTests
{
    [Fact]
    public void A_follower_reads_when_its_leader_has_confirmed_itself_and_everything_up_to_there_is_applied()
    {
        var group = new TestGroup("ABC");
        var leader = group.Elect("A");
        group.RunFor(60);
        group["B"].AppliesByHand = true;
        leader.Propose("x");
        group.Settle();
        group["B"].Read("read");
        group.Settle();
        Assert.Null(group["B"].OutcomeOf("read"));
        group.RunFor(60);
        Assert.Null(group["B"].OutcomeOf("read"));
        group["B"].CompleteApply();
        Assert.Equal(Outcome.Done, group["B"].OutcomeOf("read"));
        Assert.Equal(new LogIndex(3), group["B"].MachineIndex);
    }

    [Fact]
    public void All_who_wait_share_one_question_and_the_next_ones_the_next()
    {
        var node = FollowerOfA();
        node.Do(raft =>
        {
            raft.Read("one", node.Now);
            raft.Read("two", node.Now);
        });
        node.Read("three");
        var question = node.TakeOne<ReadIndexRequest>();
        node.Receive(Answer(question, index: 1));
        Assert.Equal((Outcome.Done, Outcome.Done, null), (node.OutcomeOf("one"), node.OutcomeOf("two"), node.OutcomeOf("three")));
        node.Receive(Answer(node.TakeOne<ReadIndexRequest>(), index: 1));
        Assert.Equal(Outcome.Done, node.OutcomeOf("three"));
    }

    [Fact]
    public void S50_a_follower_of_a_deposed_leader_in_a_minority_gets_no_answer()
    {
        var group = new TestGroup("ABCDE");
        group.Elect("A");
        group.RunFor(60);
        foreach (var other in new[] { "C", "D", "E" })
        {
            group.Cut("A", other);
            group.Cut("B", other);
        }

        group["B"].Read("read");
        group.RunFor(1000);
        Assert.NotEqual(Outcome.Done, group["B"].OutcomeOf("read"));
        Assert.Equal(Outcome.NotLeader, group["B"].OutcomeOf("read"));
    }

    [Fact]
    public void S51_an_answer_to_an_earlier_question_confirms_nothing_for_a_later_one()
    {
        var node = FollowerOfA();
        node.Read("one");
        var first = node.TakeOne<ReadIndexRequest>();
        node.TimeOut();
        var again = node.TakeOne<ReadIndexRequest>();
        Assert.NotEqual(first.Id, again.Id);
        node.Receive(Answer(first, index: 1));
        Assert.Null(node.OutcomeOf("one"));
        node.Receive(Answer(again, index: 1));
        node.Read("two");
        node.Receive(Answer(again, index: 1));
        Assert.Equal((Outcome.Done, null), (node.OutcomeOf("one"), node.OutcomeOf("two")));
    }

    [Fact]
    public void S51_the_questions_of_an_earlier_life_have_other_names()
    {
        var node = FollowerOfA();
        node.Read("one");
        var before = node.TakeOne<ReadIndexRequest>();
        node.Crash();
        node.Restart();
        node.Receive(Message.Heartbeat("A", "B", term: 2));
        node.Read("two");
        Assert.NotEqual(before.Id, node.TakeOne<ReadIndexRequest>().Id);
        node.Receive(Answer(before, index: 1));
        Assert.Null(node.OutcomeOf("two"));
    }

    [Fact]
    public void A_question_that_was_lost_is_asked_again()
    {
        var group = new TestGroup("ABC");
        group.Elect("A");
        group.RunFor(60);
        group.Hold = message => message is ReadIndexRequest;
        group["B"].Read("read");
        group.RunFor(60);
        group.Hold = null;
        group.RunFor(200);
        Assert.Equal(Outcome.Done, group["B"].OutcomeOf("read"));
    }

    [Fact]
    public void Who_knows_no_leader_says_so_at_once()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        node.Read("read");
        Assert.Equal(Outcome.NotLeader, node.OutcomeOf("read"));
    }

    [Fact]
    public void One_who_does_not_lead_refuses_the_question()
    {
        var node = FollowerOfA();
        node.Receive(new ReadIndexRequest { Group = Given.Group, From = Given.Id("C"), To = Given.Id("B"), Term = new Term(2), Id = 7 });
        Assert.True(node.TakeOne<ReadIndexResponse>() is { Id: 7, IsRefused: true });
    }

    [Fact]
    public void Readers_of_a_follower_whose_leader_is_deposed_are_sent_elsewhere()
    {
        var node = FollowerOfA();
        node.Read("read");
        node.Receive(Message.Heartbeat("C", "B", term: 3));
        Assert.Equal(Outcome.NotLeader, node.OutcomeOf("read"));
    }

    [Fact]
    public void A_leader_that_steps_down_refuses_the_questions_that_it_has_not_confirmed()
    {
        var leader = Given.Leader("A", term: 2, log: [1]);
        leader.Receive(Message.Appended("B", "A", 2, match: 2));
        leader.Receive(new ReadIndexRequest { Group = Given.Group, From = Given.Id("B"), To = Given.Id("A"), Term = new Term(2), Id = 7 });
        leader.Outbox.Clear();
        leader.Receive(Message.Heartbeat("C", "A", term: 3));
        Assert.True(leader.TakeOne<ReadIndexResponse>() is { Id: 7, IsRefused: true });
    }

    [Fact]
    public void A_learner_reads_like_a_follower()
    {
        var group = new TestGroup("AB");
        var leader = group.Elect("A");
        group.StartBlank("L");
        leader.Add(Given.Member("L"), "add", isVoter: false);
        group.RunFor(100);
        group["L"].Read("read");
        group.RunFor(100);
        Assert.Equal(Outcome.Done, group["L"].OutcomeOf("read"));
    }

    private static TestNode FollowerOfA()
    {
        var node = Given.Node("B", term: 2, log: [1]);
        node.Receive(Message.Append("A", "B", term: 2, previousIndex: 1, previousTerm: 1, entries: [], commit: 1));
        node.Outbox.Clear();
        return node;
    }

    private static ReadIndexResponse Answer(ReadIndexRequest question, long index) => new()
    {
        Group = Given.Group,
        From = question.To,
        To = question.From,
        Term = question.Term,
        Id = question.Id,
        Index = new LogIndex(index),
    };
}
