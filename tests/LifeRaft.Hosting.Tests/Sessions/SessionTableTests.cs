using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests.Sessions;

public sealed class SessionTableTests
{
    private readonly SessionBench _bench = new();

    [Fact]
    public void A_session_is_named_after_the_entry_that_opened_it_and_tells_its_limits()
    {
        var reply = _bench.Apply(new SessionRequest(SessionRequestKind.Open) { Limits = SessionBench.Limits });
        Assert.Equal(new OpenedSession(new LogIndex(1), 9_000, 3), OpenedSession.Decode(reply.Body.Span));
        Assert.Equal(new LogIndex(2), _bench.Open());
    }

    [Fact]
    public void S53_A_repeated_number_gets_the_remembered_answer_and_is_not_applied_again()
    {
        var session = _bench.Open();
        Assert.Equal("a1", _bench.Command(session, 1, "a"));
        Assert.Equal("a", _bench.LastApplied);
        Assert.Equal("a1", _bench.Command(session, 1, "a"));
        Assert.Null(_bench.LastApplied);
        Assert.Equal(1, _bench.Machine.Applied);
    }

    [Fact]
    public void S53_A_repetition_after_a_snapshot_a_restart_and_a_change_of_leader_gets_the_same_answer()
    {
        var session = _bench.Open();
        Assert.Equal("a1", _bench.Command(session, 1, "a"));
        _bench.Restart();
        (_bench.Term, _bench.Clock) = (2, 17);
        Assert.Equal("a1", _bench.Command(session, 1, "a"));
        Assert.Equal("b2", _bench.Command(session, 2, "b"));
        Assert.Equal(2, _bench.Machine.Applied);
    }

    [Fact]
    public void A_command_that_the_build_of_the_machine_does_not_know_has_no_result()
    {
        var session = _bench.Open();
        Assert.Throws<UnknownCommandException>(() => _bench.Command(session, 1, "new"));
        var alone = LogEntry.Create(EntryKind.Command, new LogIndex(9), new Term(1), 0, "new"u8);
        Assert.Throws<UnknownCommandException>(() => _bench.State.Apply(alone, GroupId.None));
    }

    [Fact]
    public void The_exception_of_the_machine_is_remembered_like_a_result()
    {
        var session = _bench.Open();
        Assert.Equal("Failed InvalidOperationException: 1", _bench.Command(session, 1, "bad", answered: 1));
        _bench.Restart();
        Assert.Equal("Forgotten", _bench.Command(session, 1, "bad"));

        var roomy = _bench.Open(SessionBench.Limits with { ResultBytes = 100 });
        Assert.Equal("Failed InvalidOperationException: 2", _bench.Command(roomy, 1, "bad"));
        _bench.Restart();
        Assert.Equal("Failed InvalidOperationException: 2", _bench.Command(roomy, 1, "bad"));
        Assert.Equal(2, _bench.Machine.Applied);
    }

    [Fact]
    public void Numbers_may_arrive_in_any_order_within_the_window()
    {
        var session = _bench.Open();
        Assert.Equal("c1", _bench.Command(session, 3, "c"));
        Assert.Equal("a2", _bench.Command(session, 1, "a"));
        Assert.Equal("TooMany", _bench.Command(session, 4, "d"));
        Assert.Equal("b3", _bench.Command(session, 2, "b"));
        Assert.Equal("c1", _bench.Command(session, 3, "c"));
        Assert.Equal("d4", _bench.Command(session, 4, "d", answered: 2));
    }

    [Fact]
    public void A_number_below_the_answered_ones_is_refused_whether_it_was_applied_or_not()
    {
        var session = _bench.Open();
        _bench.Command(session, 1, "a");
        Assert.Equal("b2", _bench.Command(session, 3, "b", answered: 3));
        Assert.Equal("Answered", _bench.Command(session, 1, "a"));
        Assert.Equal("Answered", _bench.Command(session, 2, "never"));
        Assert.Equal(2, _bench.Machine.Applied);
    }

    [Fact]
    public void Word_of_older_answers_takes_nothing_back()
    {
        var session = _bench.Open();
        _bench.Command(session, 3, "a", answered: 3);
        Assert.Equal("", _bench.KeepAlive(session, answered: 1));
        Assert.Equal("Answered", _bench.Command(session, 2, "late"));
    }

    [Fact]
    public void A_keep_alive_frees_what_is_answered()
    {
        var session = _bench.Open();
        var before = _bench.Snapshot().Length;
        _bench.Command(session, 1, "a");
        _bench.KeepAlive(session, answered: 2);
        Assert.Equal(before, _bench.Snapshot().Length);
    }

    [Fact]
    public void Results_beyond_the_bytes_are_forgotten_oldest_first_and_never_applied_again()
    {
        var session = _bench.Open();
        _bench.Command(session, 1, "aaa"); // 4 bytes with the count, of 8.
        _bench.Command(session, 2, "bbb");
        Assert.Equal("aaa1", _bench.Command(session, 1, "aaa"));
        Assert.Equal("c3", _bench.Command(session, 3, "c"));
        Assert.Equal(["Forgotten", "bbb2", "c3"], [_bench.Command(session, 1, "aaa"), _bench.Command(session, 2, "bbb"), _bench.Command(session, 3, "c")]);
        Assert.Equal(3, _bench.Machine.Applied);
    }

    [Fact]
    public void A_result_larger_than_all_the_bytes_reaches_its_caller_and_is_not_remembered()
    {
        var session = _bench.Open();
        Assert.Equal("!!!!!!!!!", _bench.Command(session, 1, "loud"));
        Assert.Equal("Forgotten", _bench.Command(session, 1, "loud"));
        Assert.Equal(1, _bench.Machine.Applied);
    }

    [Fact]
    public void Commands_of_an_unknown_a_closed_and_an_expired_session_are_refused()
    {
        var (closed, expired) = (_bench.Open(), _bench.Open());
        Assert.Equal("", _bench.Close(closed));
        Assert.Equal("Expired", _bench.Close(closed));
        var alive = _bench.Open();
        Pass(alive, milliseconds: 9_000);
        foreach (var session in new[] { closed, expired, new LogIndex(77), default })
        {
            Assert.Equal("Expired", _bench.Command(session, 1, "a"));
            Assert.Equal("Expired", _bench.KeepAlive(session));
        }

        Assert.Equal("a1", _bench.Command(alive, 1, "a"));
    }

    [Fact]
    public void A_session_that_is_used_before_its_timeout_lives()
    {
        var session = _bench.Open();
        for (var i = 1; i < 20; i++)
        {
            _bench.Clock += 2_999;
            Assert.Equal($"a{i}", _bench.Command(session, i, "a", answered: i));
        }
    }

    [Fact]
    public void Expiry_is_counted_from_the_last_use_and_happens_at_the_next_entry_of_any_session()
    {
        var (idle, alive) = (_bench.Open(), _bench.Open());
        Pass(alive, milliseconds: 3_000);
        Assert.Equal("", _bench.KeepAlive(idle));
        Pass(alive, milliseconds: 8_999);
        Assert.Equal(2, _bench.State.Sessions);
        Pass(alive, milliseconds: 1);
        Assert.Equal(1, _bench.State.Sessions);
        Assert.Equal("Expired", _bench.Command(idle, 1, "a"));
    }

    [Fact]
    public void A_clock_that_leaps_or_an_outage_of_all_gives_every_client_the_time_to_say_that_it_lives()
    {
        var (one, two) = (_bench.Open(), _bench.Open());
        Pass(one, milliseconds: 2_900);
        _bench.Clock += 1_000_000;
        Assert.Equal("a1", _bench.Command(one, 1, "a"));
        _bench.Clock += 2_000;
        Assert.Equal("b2", _bench.Command(two, 1, "b"));
    }

    [Fact]
    public void A_clock_that_goes_back_stands_still_until_it_is_where_it_was()
    {
        var (idle, alive) = (_bench.Open(), _bench.Open());
        _bench.Clock -= 500_000;
        Pass(alive, milliseconds: 500_000);
        Assert.Equal("a1", _bench.Command(idle, 1, "a"));
    }

    [Fact]
    public void The_clocks_of_two_leaders_are_never_compared()
    {
        var (idle, alive) = (_bench.Open(), _bench.Open());
        for (var term = 2; term < 20; term++)
        {
            (_bench.Term, _bench.Clock) = (term, term % 2 == 0 ? 90_000_000 : 5);
            _bench.KeepAlive(alive);
        }

        Assert.Equal("a1", _bench.Command(idle, 1, "a"));
    }

    [Fact]
    public void One_session_too_many_ends_the_least_recently_used_one()
    {
        var sessions = Enumerable.Range(0, 4).Select(_ => _bench.Open()).ToList();
        _bench.KeepAlive(sessions[0]);
        var fifth = _bench.Open();
        Assert.Equal("Expired", _bench.Command(sessions[1], 1, "a"));
        Assert.Equal(["", "", "", ""], new[] { sessions[0], sessions[2], sessions[3], fifth }.Select(session => _bench.KeepAlive(session)));
    }

    [Fact]
    public void The_least_recently_used_one_ends_also_where_timeouts_differ_and_after_a_restart()
    {
        var (first, second) = (_bench.Open(SessionBench.Limits with { TimeoutMilliseconds = 60_000 }), _bench.Open());
        _bench.Open();
        _bench.KeepAlive(first);
        _bench.Restart();
        _bench.Open(SessionBench.Limits with { Sessions = 3 });
        Assert.Equal(("", "Expired"), (_bench.KeepAlive(first), _bench.KeepAlive(second)));
    }

    [Fact]
    public void A_smaller_limit_ends_as_many_as_it_takes()
    {
        var sessions = Enumerable.Range(0, 4).Select(_ => _bench.Open()).ToList();
        var last = _bench.Open(SessionBench.Limits with { Sessions = 1 });
        Assert.Equal(1, _bench.State.Sessions);
        Assert.Equal("", _bench.KeepAlive(last));
        Assert.All(sessions, session => Assert.Equal("Expired", _bench.KeepAlive(session)));
    }

    [Fact]
    public void What_is_no_request_changes_nothing()
    {
        var session = _bench.Open();
        var before = _bench.Snapshot();
        var command = new SessionRequest(SessionRequestKind.Command) { Session = session, Number = 1, Answered = 1 };
        byte[][] nonsense =
        [
            [], [1], [9, .. new byte[60]],
            (command with { Number = 0, Answered = 0 }).Encode(default),
            (command with { Answered = 2 }).Encode(default),
            (command with { Number = long.MaxValue, Answered = long.MaxValue }).Encode(default),
            (command with { Session = new LogIndex(-1) }).Encode(default),
            command.Encode(TimeSpan.FromMilliseconds(-1)),
            command.Encode(default)[..^1],
            new SessionRequest(SessionRequestKind.Open) { Limits = SessionBench.Limits with { TimeoutMilliseconds = long.MaxValue } }.Encode(default),
            new SessionRequest(SessionRequestKind.Open) { Limits = SessionBench.Limits with { Results = 0 } }.Encode(default),
            new SessionRequest(SessionRequestKind.Open) { Limits = SessionBench.Limits with { Sessions = 0 } }.Encode(default),
        ];
        Assert.All(nonsense, bytes => Assert.Equal(SessionOutcome.Malformed, _bench.Apply(bytes).Outcome));
        Assert.Equal(before, _bench.Snapshot());
    }

    /// <summary>So long passes on the leader's clock, while this session keeps itself alive.</summary>
    private void Pass(LogIndex alive, long milliseconds)
    {
        for (var left = milliseconds; left > 0; left -= 3_000)
        {
            _bench.Clock += Math.Min(left, 3_000);
            Assert.Equal("", _bench.KeepAlive(alive));
        }
    }
}
