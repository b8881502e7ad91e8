using System.Text;
using LifeRaft.Hosting.Tests.Sessions;

namespace LifeRaft.Hosting.Tests;

/// <summary>What a session repeats, what it says of it, and what it never does twice.</summary>
public sealed class RaftSessionTests
{
    private readonly TallyMachine _machine = new();
    private readonly FakeGroup _group;

    public RaftSessionTests() => _group = new FakeGroup(_machine);

    [Fact]
    public async Task Commands_get_numbers_and_say_what_is_answered()
    {
        await using var session = await _group.OpenSession();
        Assert.Equal(["a1", "b2"], [await Command(session, "a"), await Command(session, "b")]);
        Assert.Equal([("open", 0, 0), ("command", 1, 1), ("command", 2, 2)], _group.Requests);
        Assert.Equal(TimeSpan.FromMinutes(1), session.ExpiresAfter);
    }

    [Theory]
    [InlineData((int)Fate.RequestLost)]
    [InlineData((int)Fate.AnswerLost)]
    [InlineData((int)Fate.Silence)]
    [InlineData((int)Fate.Swallowed)]
    [InlineData((int)Fate.NotLeader)]
    [InlineData((int)Fate.Down)]
    public async Task Whatever_happens_on_the_way_a_command_is_applied_once_and_answered(int fate)
    {
        await using var session = await _group.OpenSession();
        _group.Fate = (method, before) => method == "command" && before < 3 ? (Fate)fate : Fate.Served;
        Assert.Equal("a1", await _group.Patiently(Command(session, "a")));
        Assert.Equal("b2", await _group.Patiently(Command(session, "b")));
        Assert.Equal(2, _machine.Applied);
    }

    [Fact]
    public async Task At_the_deadline_the_outcome_is_unknown_and_asking_again_tells_it()
    {
        await using var session = await _group.OpenSession();
        _group.Fate = static (method, _) => method == "command" ? Fate.Silence : Fate.Served;
        var command = "a"u8.ToArray();
        var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => _group.Patiently(Result(session.Command(command))));
        command[0] = (byte)'?'; // The caller's again.
        failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => _group.Patiently(Result(failure.Pending!.Repeat())));

        _group.Fate = static (_, _) => Fate.Served;
        Assert.Equal("b2", await Command(session, "b"));
        Assert.Equal("a1", await Result(failure.Pending!.Repeat()));
        Assert.Equal(2, _machine.Applied);
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => failure.Pending!.Repeat());
        Assert.Equal("c3", await Command(session, "c"));
        Assert.Equal(("command", 3L, 3L), _group.Requests[^1]);
    }

    [Fact]
    public async Task A_command_that_never_arrived_is_applied_when_it_is_asked_for_again()
    {
        await using var session = await _group.OpenSession();
        _group.Fate = static (method, _) => method == "command" ? Fate.Swallowed : Fate.Served;
        var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => _group.Patiently(Command(session, "a")));
        Assert.Equal(0, _machine.Applied);
        _group.Fate = static (_, _) => Fate.Served;
        Assert.Equal("a1", await Result(failure.Pending!.Repeat()));
    }

    [Fact]
    public async Task Refusals_alone_mean_that_nothing_was_done()
    {
        await using var session = await _group.OpenSession();
        _group.Fate = static (method, _) => method == "command" ? Fate.NotLeader : Fate.Served;
        await Assert.ThrowsAsync<GroupUnavailableException>(() => _group.Patiently(Command(session, "a")));
        _group.Fate = static (method, _) => method == "command" ? Fate.Overloaded : Fate.Served;
        await Assert.ThrowsAsync<OverloadedException>(() => Command(session, "a"));
        _group.Fate = static (_, _) => Fate.Served;
        Assert.Equal("a1", await Command(session, "a"));
        Assert.Equal(("command", 3L, 3L), _group.Requests[^1]);
    }

    [Fact]
    public async Task A_refusal_after_a_lost_answer_does_not_hide_that_the_command_was_applied()
    {
        await using var session = await _group.OpenSession();
        _group.Fate = static (method, before) => method != "command" ? Fate.Served : before == 0 ? Fate.AnswerLost : Fate.NotLeader;
        var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => _group.Patiently(Command(session, "a")));
        _group.Fate = static (_, _) => Fate.Served;
        Assert.Equal("a1", await Result(failure.Pending!.Repeat()));
    }

    [Fact]
    public async Task Overload_after_a_lost_answer_is_waited_out()
    {
        await using var session = await _group.OpenSession();
        _group.Fate = static (method, before) => method != "command" ? Fate.Served : before switch { 0 => Fate.AnswerLost, < 4 => Fate.Overloaded, _ => Fate.Served };
        Assert.Equal("a1", await _group.Patiently(Command(session, "a")));
        Assert.Equal(1, _machine.Applied);
    }

    [Fact]
    public async Task A_failure_of_the_process_itself_leaves_an_outcome_that_can_be_asked_for()
    {
        await using var session = await _group.OpenSession();
        _group.Fate = static (method, before) => method == "command" && before == 0 ? Fate.Broken : Fate.Served;
        var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => Command(session, "a"));
        Assert.Equal("a1", await Result(failure.Pending!.Repeat()));
        Assert.Equal(1, _machine.Applied);
    }

    [Fact]
    public async Task What_the_machine_throws_reaches_the_caller_also_when_it_is_remembered()
    {
        await using var session = await _group.OpenSession();
        _group.Fate = static (method, before) => method == "command" && before == 0 ? Fate.AnswerLost : Fate.Served;
        var failure = await Assert.ThrowsAsync<CommandFailedException>(() => _group.Patiently(Command(session, "bad")));
        Assert.Equal("InvalidOperationException: 1", failure.Message);
        Assert.Equal(1, _machine.Applied);
    }

    [Fact]
    public async Task A_result_that_is_no_longer_remembered_is_named_as_such()
    {
        _group.Limits = _group.Limits with { ResultBytes = 1 };
        await using var session = await _group.OpenSession();
        _group.Fate = static (method, before) => method == "command" && before == 0 ? Fate.AnswerLost : Fate.Served;
        var failure = await Assert.ThrowsAsync<ResultForgottenException>(() => _group.Patiently(Command(session, "a")));
        Assert.Contains("was applied", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, _machine.Applied);
    }

    [Fact]
    public async Task A_session_that_has_ended_says_so_and_asks_no_more()
    {
        await using var session = await _group.OpenSession();
        Assert.Equal("a1", await Command(session, "a"));
        _group.Forget(session);
        Assert.False(session.HasExpired);
        await Assert.ThrowsAsync<SessionExpiredException>(() => Command(session, "b"));
        Assert.True(session.HasExpired);
        var asked = _group.Requests.Count;
        await Assert.ThrowsAsync<SessionExpiredException>(() => Command(session, "b"));
        Assert.Equal((asked, 1), (_group.Requests.Count, _machine.Applied));
    }

    [Fact]
    public async Task A_session_that_ended_after_an_answer_was_lost_cannot_tell_what_became_of_the_command()
    {
        await using var session = await _group.OpenSession();
        _group.Fate = (method, before) =>
        {
            if (method == "command" && before == 1)
            {
                _group.Forget(session);
            }

            return method == "command" && before == 0 ? Fate.AnswerLost : Fate.Served;
        };
        var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => _group.Patiently(Command(session, "a")));
        Assert.Null(failure.Pending);
        Assert.True(session.HasExpired);
    }

    [Fact]
    public async Task What_keeps_a_session_alive_takes_nothing_along_of_the_request_that_opened_it()
    {
        var kept = new TaskCompletionSource<object?>(TaskCreationOptions.RunContinuationsAsynchronously);
        _group.Limits = _group.Limits with { TimeoutMilliseconds = 30 };
        _group.Fate = (method, _) =>
        {
            if (method == "keep")
            {
                kept.TrySetResult(RequestContext.Get("tenant"));
            }

            return Fate.Served;
        };
        RequestContext.Set("tenant", "one");
        await using var session = await RaftSession.Open(_group.Route, FakeGroup.Name, TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Null(await kept.Task.WaitAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task More_commands_than_the_group_remembers_wait_for_an_answer()
    {
        await using var session = await _group.OpenSession();
        _group.Fate = static (method, before) => method == "command" && before < 3 ? Fate.Swallowed : Fate.Served;
        var commands = Enumerable.Range(0, 5).Select(_ => Command(session, "a")).ToList();
        Assert.Equal(3, _group.Requests.Count(request => request.Method == "command"));
        Assert.Equal(["a1", "a2", "a3", "a4", "a5"], (await _group.Patiently(Task.WhenAll(commands))).Order());
        Assert.All(_group.Requests, request => Assert.True(request.Number < request.Answered + 3, $"{request}"));
    }

    [Fact]
    public async Task Who_waits_for_room_until_the_deadline_is_refused_and_nothing_is_done()
    {
        await using var session = await _group.OpenSession();
        session.Timeout = TimeSpan.FromHours(1);
        _group.Fate = static (method, _) => method == "command" ? Fate.Swallowed : Fate.Served;
        var stuck = Enumerable.Range(0, 3).Select(_ => Command(session, "a")).ToList();
        session.Timeout = TimeSpan.FromSeconds(10);
        var failure = await Assert.ThrowsAsync<OverloadedException>(() => _group.Patiently(Command(session, "b")));
        Assert.Contains("3 commands of the session are unanswered", failure.Message, StringComparison.Ordinal);
        _group.Fate = static (_, _) => Fate.Served;
        Assert.Equal(["a1", "a2", "a3"], (await _group.Patiently(Task.WhenAll(stuck))).Order());
    }

    [Fact]
    public async Task Commands_whose_callers_gave_up_make_room_and_are_then_unknown_for_ever()
    {
        await using var session = await _group.OpenSession();
        _group.Fate = static (method, _) => method == "command" ? Fate.Silence : Fate.Served;
        var pending = new List<PendingCommand>();
        for (var i = 0; i < 3; i++)
        {
            pending.Add((await Assert.ThrowsAsync<OutcomeUnknownException>(() => _group.Patiently(Command(session, "a")))).Pending!);
        }

        _group.Fate = static (_, _) => Fate.Served;
        Assert.Equal("b4", await Command(session, "b"));
        Assert.Null((await Assert.ThrowsAsync<OutcomeUnknownException>(() => pending[0].Repeat())).Pending);
        Assert.Equal(["a2", "a3"], [await Result(pending[1].Repeat()), await Result(pending[2].Repeat())]);
        Assert.Equal(4, _machine.Applied);
    }

    [Fact]
    public async Task Who_cancels_waits_no_longer_and_keeps_no_room()
    {
        await using var session = await _group.OpenSession();
        _group.Fate = static (method, _) => method == "command" ? Fate.Swallowed : Fate.Served;
        using var cancel = new CancellationTokenSource();
        var commands = Enumerable.Range(0, 4).Select(_ => session.Command("a"u8.ToArray(), cancel.Token)).ToList();
        await cancel.CancelAsync();
        foreach (var command in commands)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => command);
        }

        _group.Fate = static (_, _) => Fate.Served;
        Assert.Equal("b1", await Command(session, "b"));
        Assert.Equal(("command", 4L, 4L), _group.Requests[^1]);
    }

    [Fact]
    public async Task A_session_keeps_itself_alive_every_third_of_its_timeout()
    {
        await using var session = await _group.OpenSession();
        await Command(session, "a");
        for (var i = 0; i < 10; i++)
        {
            _group.Time.Advance(TimeSpan.FromSeconds(20));
        }

        Assert.Equal(Enumerable.Repeat(("keep", 0L, 2L), 10), _group.Requests.Where(request => request.Method == "keep"));
        Assert.Equal(1, _group.Sessions);
    }

    [Fact]
    public async Task A_keep_alive_learns_that_the_session_has_ended()
    {
        await using var session = await _group.OpenSession();
        _group.Forget(session);
        _group.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.True(session.HasExpired);
    }

    [Fact]
    public async Task A_session_is_closed_when_its_commands_are_done_and_says_nothing_afterwards()
    {
        var session = await _group.OpenSession();
        _group.Fate = static (method, before) => method == "command" && before == 0 ? Fate.Swallowed : Fate.Served;
        var command = Command(session, "a");
        var closing = session.DisposeAsync().AsTask();
        Assert.False(closing.IsCompleted);
        Assert.Equal("a1", await _group.Patiently(command));
        await closing;
        await session.DisposeAsync();
        Assert.Equal((0, "close"), (_group.Sessions, _group.Requests[^1].Method));
        _group.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal("close", _group.Requests[^1].Method);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => Command(session, "b"));
    }

    [Fact]
    public async Task A_session_that_cannot_be_closed_is_left_to_expire()
    {
        var session = await _group.OpenSession();
        _group.Fate = static (_, _) => Fate.Swallowed;
        await _group.Patiently(Closed());
        Assert.Equal(1, _group.Sessions);

        async Task<bool> Closed()
        {
            await session.DisposeAsync();
            return true;
        }
    }

    [Fact]
    public async Task A_session_that_cannot_be_opened_is_an_unavailable_group()
    {
        _group.Fate = static (_, _) => Fate.AnswerLost;
        await Assert.ThrowsAsync<GroupUnavailableException>(() => _group.Patiently(_group.OpenSession()));
    }

    [Fact]
    public async Task A_key_value_store_works_over_a_session()
    {
        var group = new FakeGroup(new KeyValueMachine());
        await using var session = await group.OpenSession();
        group.Fate = static (method, before) => method == "command" && before % 2 == 0 ? Fate.AnswerLost : Fate.Served;
        var store = new KeyValueStore(session);
        for (var version = 1; version <= 5; version++)
        {
            Assert.Equal(version, await group.Patiently(store.Put("a", "x"u8.ToArray())));
        }

        Assert.Equal(5, (await store.Get("a"))!.Version);
    }

    private static Task<string> Command(RaftSession session, string command) => Result(session.Command(Encoding.UTF8.GetBytes(command)));

    private static async Task<string> Result(Task<ReadOnlyMemory<byte>> command) => Encoding.UTF8.GetString((await command).Span);
}
