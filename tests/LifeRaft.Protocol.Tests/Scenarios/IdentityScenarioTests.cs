using Xunit;

namespace LifeRaft.Protocol.Tests.Scenarios;

/// <summary>A member that was admitted and never got an entry: found by the simulation, which removed one before its first append arrived.</summary>
public sealed class IdentityScenarioTests
{
    private static readonly GroupId _group = new(Guid.NewGuid());
    private static readonly MemberId _leader = new(Guid.NewGuid());
    private static readonly NodeIdentity _first = new(_group, new MemberId(Guid.NewGuid()));
    private static readonly TimeSpan _now = TimeSpan.FromSeconds(1);

    [Fact]
    public void A_member_that_holds_no_entry_may_be_admitted_anew_and_keeps_its_term_and_vote()
    {
        var node = Admitted();
        Hear(node, new Term(4));
        var again = new NodeIdentity(_group, new MemberId(Guid.NewGuid()));
        Assert.True(node.TryAdmit(again, _now));
        Assert.Equal(again, node.Identity);
        Assert.Equal(new Term(4), node.Term);
    }

    [Fact]
    public void A_member_that_holds_entries_keeps_its_identity()
    {
        var node = Admitted();
        node.Step(
            new AppendRequest
            {
                Group = _group,
                From = _leader,
                To = _first.Member,
                Term = new Term(4),
                PreviousIndex = default,
                PreviousTerm = default,
                Entries = [LogEntry.Create(EntryKind.NoOp, LogIndex.First, new Term(4), 0, [])],
                Commit = default,
            },
            _now);
        Assert.False(node.TryAdmit(new NodeIdentity(_group, new MemberId(Guid.NewGuid())), _now));
        Assert.Equal(_first, node.Identity);
    }

    [Fact]
    public void A_member_that_knows_no_configuration_asks_the_leader_that_it_heard_last_whether_it_is_one()
    {
        var node = Admitted();
        Hear(node, new Term(4));
        node.TakeReady();
        node.Tick(node.NextDeadline);
        var question = Assert.Single(node.TakeReady()!.Messages.OfType<MembershipQuestion>());
        Assert.Equal(_leader, question.To);

        node.Step(new Refusal { Group = _group, From = _leader, To = _first.Member, Reason = RefusalReason.Removed, Actual = new NodeIdentity(_group, _leader) }, _now);
        Assert.Equal(NodeEnd.Removed, node.TakeReady()!.End);
    }

    [Fact]
    public void A_removed_member_is_told_so_also_by_one_whose_present_id_it_does_not_know()
    {
        var node = new RaftNode(new RaftSettings(), RestoredNode.Blank, new Random(1), _now);
        Assert.True(node.TryFound(_group, new Member(_leader, "1@a", "a"), GroupTimings.Default, _now));
        Settle(node);
        node.AddMember(new Member(_first.Member, "2@b", "b"), isVoter: false, "add", _now);
        Settle(node);
        node.RemoveMember(_first.Member, "remove", _now);
        Settle(node);

        node.Step(new MembershipQuestion { Group = _group, From = _first.Member, To = new MemberId(Guid.NewGuid()) }, _now);
        Assert.Equal(RefusalReason.Removed, Assert.Single(node.TakeReady()!.Messages.OfType<Refusal>()).Reason);
    }

    [Fact]
    public void A_learner_asks_everyone_it_knows_whether_it_is_a_member_for_the_voters_may_all_be_gone()
    {
        var (voter, learner) = (new Member(new MemberId(Guid.NewGuid()), "1@a", "a"), new Member(new MemberId(Guid.NewGuid()), "3@c", "c"));
        var configuration = GroupConfiguration.Founding(voter, GroupTimings.Default) with { Learners = [new Member(_first.Member, "2@b", "b"), learner] };
        var entry = LogEntry.Create(EntryKind.Configuration, LogIndex.First, new Term(1), 0, GroupConfigurationCodec.Encode(configuration));
        var node = new RaftNode(
            new RaftSettings(), new RestoredNode(_first, new HardState(new Term(1), MemberId.None), LogIndex.First, [new TermStart(LogIndex.First, new Term(1))], [entry]), new Random(1), _now);
        node.Tick(node.NextDeadline);
        Assert.Equal([voter.Id, learner.Id], node.TakeReady()!.Messages.OfType<MembershipQuestion>().Select(question => question.To));
    }

    [Fact]
    public void A_voter_that_a_configuration_leaves_out_asks_everyone_it_knows_while_it_campaigns()
    {
        var (voter, learner) = (new Member(new MemberId(Guid.NewGuid()), "1@a", "a"), new Member(new MemberId(Guid.NewGuid()), "3@c", "c"));
        var founding = GroupConfiguration.Founding(new Member(_first.Member, "2@b", "b"), GroupTimings.Default);
        var next = GroupConfiguration.Founding(voter, GroupTimings.Default) with { Learners = [learner] };
        var term = new Term(1);
        var entries = new[] { founding, next }.Select((configuration, i) => LogEntry.Create(EntryKind.Configuration, LogIndex.First + i, term, 0, GroupConfigurationCodec.Encode(configuration)));
        var node = new RaftNode(
            new RaftSettings(), new RestoredNode(_first, new HardState(term, MemberId.None), LogIndex.First + 1, [new TermStart(LogIndex.First, term)], [.. entries]), new Random(1), _now);
        node.Tick(node.NextDeadline);
        var messages = node.TakeReady()!.Messages;
        Assert.Equal(voter.Id, Assert.Single(messages.OfType<VoteRequest>()).To);
        Assert.Equal([voter.Id, learner.Id], messages.OfType<MembershipQuestion>().Select(question => question.To));
    }

    /// <summary>Does everything that the node asks for.</summary>
    private static void Settle(RaftNode node)
    {
        while (node.TakeReady() is { } ready)
        {
            if (ready.Persist is { } batch)
            {
                node.Persisted(batch.Number, _now);
            }

            if (ready.Apply.Count > 0)
            {
                node.Applied(ready.Apply[^1].Entry.Index, _now);
            }
        }
    }

    private static RaftNode Admitted()
    {
        var node = new RaftNode(new RaftSettings(), RestoredNode.Blank, new Random(1), _now);
        Assert.True(node.TryAdmit(_first, _now));
        return node;
    }

    private static void Hear(RaftNode node, Term term) =>
        node.Step(new HeartbeatRequest { Group = _group, From = _leader, To = _first.Member, Term = term, Commit = default, Round = 1 }, _now);
}
