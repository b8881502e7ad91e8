using System.Reflection;
using LifeRaft.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace LifeRaft.Hosting.Tests;

/// <summary>How a handle finds the leader, and what it repeats.</summary>
public sealed class LeaderRouteTests
{
    private readonly FakeTimeProvider _time = new();
    private int _surveysInVain;
    private string[] _silent = [];
    private readonly Dictionary<GrainId, FakeNode> _nodes = [];
    private readonly LeaderRoute _route;
    private int _located;
    private int _surveysLost;
    private bool _isLost;
    private TimeSpan _locatingTakes;
    private NodeStatus _seen = Status(RaftState.Follower);

    public LeaderRouteTests()
    {
        for (var i = 1; i <= 3; i++)
        {
            _nodes[Grain(i)] = new FakeNode();
        }

        var factory = DispatchProxy.Create<IGrainFactory, FakeGrains>();
        ((FakeGrains)(object)factory).Nodes = _nodes;
        _route = new LeaderRoute(factory, GroupName.Parse("kv/x"), _time, Locate);
    }

    [Fact]
    public async Task A_refusal_is_followed_to_the_leader_that_it_names_and_the_route_stays_there()
    {
        Node(1).Answer = () => Refused(Outcome.NotLeader, Grain(3));
        Node(3).Answer = Done;
        Assert.Equal(Outcome.Done, (await Command()).Outcome);
        Assert.Equal(Outcome.Done, (await Command()).Outcome);
        Assert.Equal((1, 0, 2), (Node(1).Asked, Node(2).Asked, Node(3).Asked));
        Assert.Equal(1, _located);
    }

    [Fact]
    public async Task An_unknown_outcome_is_not_repeated_and_its_node_is_not_asked_next()
    {
        Node(1).Answer = () => throw new SiloUnavailableException("gone");
        Node(2).Answer = Done;
        Assert.Equal(Outcome.Unknown, (await Command()).Outcome);
        Assert.Equal(Outcome.Done, (await Command()).Outcome);
        Assert.Equal((1, 1), (Node(1).Asked, Node(2).Asked));
    }

    [Fact]
    public async Task Many_may_ask_at_once()
    {
        foreach (var node in _nodes.Values)
        {
            node.Answer = () => Refused(Outcome.Unknown, default);
        }

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                Assert.Equal(Outcome.Unknown, (await Command()).Outcome);
            }
        })));
    }

    [Fact]
    public async Task A_node_that_vanished_is_not_asked_again_because_a_follower_still_names_it()
    {
        Node(1).Answer = () => throw new SiloUnavailableException("gone");
        var answers = 0;
        Node(2).Answer = () => ++answers < 3 ? Refused(Outcome.NotLeader, Grain(1)) : Done();
        Node(3).Answer = () => Refused(Outcome.NotLeader, Grain(1));
        Assert.Equal(Outcome.Unknown, (await Command()).Outcome);
        Assert.Equal(Outcome.Done, (await Patiently(Command())).Outcome);
        Assert.Equal(1, Node(1).Asked);
    }

    [Fact]
    public async Task What_may_be_repeated_is_repeated_after_an_unknown_outcome()
    {
        Node(1).Answer = () => throw new SiloUnavailableException("gone");
        Node(2).Answer = Done;
        Assert.Equal(Outcome.Done, (await Patiently(Command(mayRepeat: true))).Outcome);
    }

    [Fact]
    public async Task A_query_to_a_node_that_stands_still_is_asked_of_another_before_the_deadline()
    {
        Node(1).Answer = null;
        Node(2).Answer = Done;
        await Patiently(RaftGroup.Query(_route, GroupName.Parse("kv/x"), default, ReadConsistency.Linearizable, CancellationToken.None));
        Assert.Equal(1, Node(2).Asked);
    }

    [Fact]
    public async Task An_answer_that_never_comes_is_an_unknown_outcome_at_the_deadline()
    {
        Node(1).Answer = null;
        Assert.Equal(Outcome.Unknown, (await Patiently(Command())).Outcome);
    }

    /// <summary>A change that was replicated before its leader was lost is made when a voter comes back.</summary>
    [Fact]
    public async Task What_was_left_unanswered_once_stays_unknown_though_the_others_refuse_it_until_the_deadline()
    {
        Node(1).Answer = () => throw new SiloUnavailableException("gone");
        Node(2).Answer = Node(3).Answer = () => Refused(Outcome.NotLeader, default);
        var reply = await Patiently(Command(mayRepeat: true));
        Assert.Equal((Outcome.Unknown, "gone"), (reply.Outcome, reply.Error));
        Assert.True(Node(2).Asked > 1);
    }

    [Fact]
    public async Task A_leader_that_a_slow_survey_saw_is_asked_again_before_a_command_is_sent_to_it()
    {
        _locatingTakes = LeaderRoute.Patience;
        _seen = Status(RaftState.Leader);
        Node(1).Sight = () => throw new SiloUnavailableException("gone");
        Node(2).Answer = Done;
        Assert.Equal(Outcome.Done, (await Patiently(Command())).Outcome);
        Assert.Equal((0, 1), (Node(1).Asked, Node(2).Asked));
    }

    [Fact]
    public async Task Without_a_leader_the_last_refusal_is_returned_at_the_deadline()
    {
        foreach (var node in _nodes.Values)
        {
            node.Answer = () => Refused(Outcome.NotLeader, default);
        }

        Assert.Equal(Outcome.NotLeader, (await Patiently(Command())).Outcome);
        Assert.All(_nodes.Values, node => Assert.True(node.Asked > 1));
    }

    [Fact]
    public async Task What_is_known_stays_when_nobody_can_say_where_the_nodes_are()
    {
        Node(1).Answer = Done;
        Assert.Equal(Outcome.Done, (await Command()).Outcome);
        _isLost = true;
        var asked = 0;
        foreach (var node in _nodes.Values)
        {
            node.Answer = () => ++asked < 40 ? Refused(Outcome.NotLeader, default) : Done();
        }

        Assert.Equal(Outcome.Done, (await Patiently(Command())).Outcome);
        Assert.True(_located > 1);
    }

    [Fact]
    public async Task A_group_whose_silos_are_all_down_is_unavailable_and_not_unknown()
    {
        Node(1).Answer = Done;
        Assert.Equal(Outcome.Done, (await Command()).Outcome);
        foreach (var node in _nodes.Values)
        {
            node.Answer = () => throw new NodeUnavailableException("its silo is down");
        }

        _surveysInVain = int.MaxValue; // Orleans counts the silos as dead, so that none is silent.
        var reply = await Patiently(Command());
        Assert.Equal((Outcome.NotLeader, "its silo is down"), (reply.Outcome, reply.Error));
        Assert.True(_located > 1);

        _surveysInVain = 0;
        Node(2).Answer = Done;
        Assert.Equal(Outcome.Done, (await Patiently(Command())).Outcome);
    }

    [Fact]
    public async Task A_group_that_nobody_knows_while_silos_are_silent_is_looked_for_again()
    {
        (_surveysInVain, _silent) = (3, ["silo-2"]);
        Node(1).Answer = Done;
        Assert.Equal(Outcome.Done, (await Patiently(Command())).Outcome);
        Assert.Equal(4, _located);
    }

    [Fact]
    public async Task A_group_that_nobody_knows_while_silos_stay_silent_is_unavailable_and_not_unknown()
    {
        (_surveysInVain, _silent) = (int.MaxValue, ["silo-2"]);
        var failure = await Assert.ThrowsAsync<GroupUnavailableException>(() => Patiently(Command()));
        Assert.Contains("silo-2 did not answer", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_nobody_knows_and_everybody_was_asked_about_is_not_found()
    {
        _surveysInVain = int.MaxValue;
        await Assert.ThrowsAsync<GroupNotFoundException>(() => Patiently(Command()));
    }

    [Fact]
    public async Task A_node_whose_silo_is_down_is_passed_over()
    {
        Node(1).Answer = () => throw new NodeUnavailableException("down");
        Node(2).Answer = Done;
        Assert.Equal(Outcome.Done, (await Patiently(Command())).Outcome);
    }

    [Fact]
    public async Task A_command_is_sent_to_a_node_that_says_that_it_leads_and_to_no_other()
    {
        Node(1).Sight = () => Status(RaftState.Follower, leader: 3);
        Node(2).Sight = () => throw new SiloUnavailableException("gone");
        Node(3).Answer = Done;
        Assert.Equal(Outcome.Done, (await Patiently(Command())).Outcome);
        Assert.Equal(Outcome.Done, (await Patiently(Command())).Outcome);
        Assert.Equal((0, 0, 2), (Node(1).Asked, Node(2).Asked, Node(3).Asked));
    }

    [Fact]
    public async Task A_leader_that_vanished_since_the_last_command_leaves_the_next_one_unsent_and_not_unknown()
    {
        Node(1).Answer = Done;
        Node(2).Answer = Done;
        Assert.Equal(Outcome.Done, (await Command()).Outcome);
        _time.Advance(LeaderRoute.Patience);
        Node(1).Sight = () => throw new SiloUnavailableException("gone");
        Assert.Equal(Outcome.Done, (await Patiently(Command())).Outcome);
        Assert.Equal((1, 1), (Node(1).Asked, Node(2).Asked));
    }

    [Fact]
    public async Task Where_nobody_says_that_it_leads_nothing_is_sent_and_nothing_unknown()
    {
        foreach (var node in _nodes.Values)
        {
            node.Sight = () => throw new SiloUnavailableException("gone");
        }

        var reply = await Patiently(Command());
        Assert.Equal((Outcome.NotLeader, "gone"), (reply.Outcome, reply.Error));
        Assert.Equal(0, _nodes.Values.Sum(node => node.Asked));
    }

    [Fact]
    public async Task A_command_without_an_answer_is_unknown_as_soon_as_another_node_leads()
    {
        _route.Timeout = TimeSpan.FromHours(1);
        Node(1).Sight = () => Node(1).Asked == 0 ? Status(RaftState.Leader) : throw new SiloUnavailableException("gone");
        Node(2).Sight = () => Status(RaftState.Leader) with { Address = "2@silo-2", Term = new Term(2) };
        Node(3).Sight = () => Status(RaftState.Leader); // It does not know yet that there is a later term.
        var reply = await Patiently(Send());
        Assert.Equal(Outcome.Unknown, reply.Outcome);
        Assert.Contains("2@silo-2 leads now", reply.Error, StringComparison.Ordinal);
        Assert.Equal((1, 0, 0), (Node(1).Asked, Node(2).Asked, Node(3).Asked));
    }

    [Fact]
    public async Task A_command_that_its_leader_cannot_have_any_more_is_unknown_before_the_deadline_and_the_leader_is_asked_next()
    {
        _route.Timeout = TimeSpan.FromHours(1);
        Node(1).Sight = () => Status(RaftState.Leader) with { Last = new LogIndex(5), Applied = new LogIndex(5) };
        Node(2).Sight = Node(3).Sight = () => Status(RaftState.Follower, leader: 1);
        var reply = await Patiently(Send());
        Assert.Equal(Outcome.Unknown, reply.Outcome);
        Assert.Contains("lost on the way", reply.Error, StringComparison.Ordinal);

        Node(1).Answer = Done;
        Assert.Equal(Outcome.Done, (await Patiently(Send())).Outcome);
        Assert.Equal((2, 0, 0), (Node(1).Asked, Node(2).Asked, Node(3).Asked));
    }

    [Fact]
    public async Task A_command_that_its_leader_has_not_applied_yet_is_waited_for()
    {
        _route.Timeout = TimeSpan.FromHours(1);
        var looks = 0;
        Node(1).Sight = () =>
        {
            if (++looks == 10)
            {
                Node(1).AnswerLate(Done());
            }

            return Status(RaftState.Leader) with { Last = new LogIndex(5), Applied = new LogIndex(4) };
        };
        Assert.Equal(Outcome.Done, (await Patiently(Send())).Outcome);
        Assert.Equal(1, Node(1).Asked);
    }

    [Fact]
    public async Task A_command_that_is_never_applied_is_unknown_at_the_deadline()
    {
        Node(1).Sight = () => Status(RaftState.Leader) with { Last = new LogIndex(5), Applied = new LogIndex(4) };
        var reply = await Patiently(Send());
        Assert.Equal((Outcome.Unknown, "no answer came within 10 s"), (reply.Outcome, reply.Error));
    }

    [Fact]
    public async Task A_survey_that_is_lost_with_its_gateway_is_made_again()
    {
        (_route.Timeout, _surveysLost) = (TimeSpan.FromHours(1), 2);
        Node(1).Answer = Done;
        Assert.Equal(Outcome.Done, (await Patiently(Command())).Outcome);
        Assert.Equal(3, _located);
    }

    private static NodeStatus Status(RaftState state, int leader = 0) => new()
    {
        Address = "1@silo-1",
        State = state,
        Term = new Term(1),
        Leader = leader == 0 ? "" : $"{leader}@silo-{leader}",
        Group = new GroupId(Guid.NewGuid()),
        Member = new MemberId(Guid.NewGuid()),
        Last = default,
        Commit = default,
        Applied = default,
        Members = [.. Enumerable.Range(1, 3).Select(i => new MemberStatus($"{i}@silo-{i}", new MemberId(Guid.NewGuid()), true, Grain(i)))],
    };

    private static GrainId Grain(int number) => GrainId.Create("liferaft-node", $"kv/x/{number}@silo-{number}");

    private static Reply Done() => new() { Outcome = Outcome.Done };

    [Fact]
    public async Task A_command_is_not_sent_when_finding_somebody_to_ask_took_all_the_time()
    {
        _locatingTakes = _route.Timeout;
        Assert.Equal(Outcome.NotLeader, (await Command()).Outcome);
        Assert.Equal(0, _nodes.Values.Sum(node => node.Asked));
    }

    private static Reply Refused(Outcome outcome, GrainId leader) => new() { Outcome = outcome, Leader = leader };

    private FakeNode Node(int number) => _nodes[Grain(number)];

    private Task<Reply> Command(bool mayRepeat = false) => _route.Ask(node => node.Command(default), mayRepeat, TestContext.Current.CancellationToken);

    private Task<Reply> Send() => _route.Send(node => node.Command(default), TestContext.Current.CancellationToken);

    /// <summary>Lets the time pass that the task waits for.</summary>
    private async Task<T> Patiently<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }

        return await task;
    }

    private Task<GroupSurvey> Locate()
    {
        _located++;
        _time.Advance(_locatingTakes);
        if (_isLost)
        {
            throw new GroupUnavailableException("nobody can say");
        }

        if (_located <= _surveysInVain)
        {
            return Task.FromResult(new GroupSurvey([], _silent));
        }

        return _located <= _surveysLost
            ? new TaskCompletionSource<GroupSurvey>().Task
            : Task.FromResult(new GroupSurvey([_seen], []));
    }

    internal sealed class FakeNode : IRaftRequests
    {
        private readonly TaskCompletionSource<Reply> _late = new();

        /// <summary>Null: no answer comes, unless late.</summary>
        public Func<Reply>? Answer { get; set; }

        public int Asked { get; private set; }

        public void AnswerLate(Reply reply) => _late.TrySetResult(reply);

        public ValueTask<Reply> Command(ReadOnlyMemory<byte> command)
        {
            Asked++;
            return Answer is null ? new ValueTask<Reply>(_late.Task) : ValueTask.FromResult(Answer());
        }

        public ValueTask<Reply> Query(ReadOnlyMemory<byte> query, ReadConsistency consistency) => Command(query);

        public ValueTask<LogPiece> ReadLog(LogIndex first, int count) => throw new InvalidOperationException("No route asks this.");

        public ValueTask<SnapshotPiece> ReadSnapshot(LogIndex index, long offset) => throw new InvalidOperationException("No route asks this.");

        public ValueTask<Reply> AddMember(MemberId id, string address, GrainId grain, bool isVoter, int mostVoters) => Command(default);

        public ValueTask<Reply> ReplaceMember(MemberId replaced, MemberId id, string address, GrainId grain, int mostVoters) => Command(default);

        public ValueTask<Reply> RemoveMember(MemberId id) => Command(default);

        public ValueTask<Reply> TransferLeadership(MemberId target) => Command(default);

        public ValueTask<Reply> Dissolve(GroupId group) => Command(default);

        public ValueTask<Reply> OpenSession() => Command(default);

        public ValueTask<Reply> SessionCommand(GroupId group, LogIndex session, long number, long answered, ReadOnlyMemory<byte> command) => Command(command);

        public ValueTask<Reply> KeepSession(GroupId group, LogIndex session, long answered) => Command(default);

        public ValueTask<Reply> Await(ReadOnlyMemory<byte> query, TimeSpan hold) => Command(default);

        public ValueTask<Reply> CloseSession(GroupId group, LogIndex session) => Command(default);

        /// <summary>What it says of itself; by default that it leads, whether it does or not, so that it is asked.</summary>
        public Func<NodeStatus> Sight { get; set; } = static () => Status(RaftState.Leader);

        public ValueTask<NodeStatus> Look() => ValueTask.FromResult(Sight());
    }

    public class FakeGrains : DispatchProxy
    {
        internal Dictionary<GrainId, FakeNode> Nodes { get; set; } = [];

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => Nodes[(GrainId)args![0]!];
    }
}
