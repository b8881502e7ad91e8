using LifeRaft.Chaos;
using LifeRaft.TestSilo;

namespace LifeRaft.Cluster.Tests;

/// <summary>The judge of locks, by records made by hand: one in which all is well, and for each rule one in which it is broken.</summary>
public sealed class LockJudgeTests
{
    private static readonly string _life = LockNames.LifeOf("silo-1");

    /// <summary>Two that take turns, one who was too late to rely on anything, a late write that is refused, and an heir in time.</summary>
    private static readonly LockHistory _good = new()
    {
        Grants =
        [
            Grant("lock/1", 10, "a", 0, 100),
            Grant("lock/1", 20, "b", 100, 200),
            Late("lock/1", 15, "c", at: 150),
            Grant(LockNames.Election, 12, "a", 0, 100),
            Grant(LockNames.Election, 13, "b", 120, 200),
            Grant(_life, 14, "silo-1/mortal", 0, 490) with { End = GrantEnd.Open },
            Grant(_life, 30, "heir", 3400, 3500),
        ],
        Writes =
        [
            Write("lock/1", 10, "a", 50, isAccepted: true),
            Write("lock/1", 20, "b", 120, isAccepted: true),
            Write("lock/1", 10, "a", 130, isAccepted: false),
            Write("lock/1", 20, "b", 140, isAccepted: true),
        ],
        Deaths = [new HolderDeath("silo-1", At(500))],
        Leaders = [new SeenLeader(LockNames.Election, 12, "a"), new SeenLeader(LockNames.Election, 13, "b")],
        End = At(20_000),
    };

    [Fact]
    public void Holders_that_take_turns_and_rising_tokens_are_good()
    {
        var verdict = LockJudge.Judge(_good);

        Assert.Empty(verdict.Violations);
        Assert.Empty(verdict.Late);
        Assert.Equal(1, verdict.LateWritesRefused);
        Assert.Equal(At(2900), Assert.Single(verdict.Inheritances).Took);
    }

    [Fact]
    public void A_token_that_is_given_twice_is_found() => Finds(
        _good with { Grants = [.. _good.Grants, Late("lock/1", 20, "d", at: 400)] },
        verdict => verdict.SameTokens,
        "lock/1: token 20 was given to b and to d");

    [Fact]
    public void A_later_holder_with_a_smaller_token_is_found() => Finds(
        _good with { Grants = [.. _good.Grants, Grant("lock/1", 19, "d", 300, 400)] },
        verdict => verdict.Falls,
        "lock/1: d with token 19 held it after b with token 20");

    [Fact]
    public void A_leader_that_is_seen_after_a_later_one_is_found() => Finds(
        _good with { Leaders = [.. _good.Leaders, new SeenLeader(LockNames.Election, 12, "a")] },
        verdict => verdict.Falls,
        "election/1: a with token 12 was seen to lead after b with token 13");

    [Theory]
    [InlineData(199, 300, 1)]
    [InlineData(150, 160, 10)]
    public void Two_that_hold_a_lock_at_once_are_found(int from, int until, int milliseconds) => Finds(
        _good with { Grants = [.. _good.Grants, Grant("lock/1", 25, "d", from, until)] },
        verdict => verdict.Overlaps,
        $"lock/1: d with token 25 held it while b with token 20 did, for {milliseconds} ms");

    [Fact]
    public void A_short_holder_within_a_long_one_does_not_hide_it_from_the_next()
    {
        var verdict = LockJudge.Judge(new LockHistory { Grants = [Grant("lock/1", 1, "a", 0, 100), Grant("lock/1", 2, "b", 10, 20), Grant("lock/1", 3, "c", 50, 200)] });

        Assert.Equal(2, verdict.Overlaps.Count);
    }

    [Fact]
    public void A_leader_that_is_seen_with_the_token_of_another_is_found() => Finds(
        _good with { Leaders = [new SeenLeader(LockNames.Election, 12, "c")] },
        verdict => verdict.Impostors,
        "election/1: c was seen to lead with token 12, which was given to a");

    [Fact]
    public void A_write_of_a_former_holder_that_is_accepted_is_found() => Finds(
        _good with { Writes = [.. _good.Writes, Write("lock/1", 10, "a", 150, isAccepted: true)] },
        verdict => verdict.Unfenced,
        "lock/1: a write with token 10 was accepted after one with token 20");

    [Fact]
    public void A_holder_whose_write_is_refused_is_found() => Finds(
        _good with { Writes = [.. _good.Writes, Write("lock/1", 20, "b", 150, isAccepted: false)] },
        verdict => verdict.Unfenced,
        "lock/1: a write of b with token 20 was refused while it held the lock");

    [Fact]
    public void A_lock_that_is_free_too_late_after_its_holder_died_is_found() => Assert.Equal(
        "life/silo-1, which silo-1/mortal with token 14 held when it died, was free after 5100 ms; the rule is 3 s, other faults took 0 ms",
        Assert.Single(LockJudge.Judge(_good with { Grants = Heir(at: 5600) }).Late).ToString());

    [Fact]
    public void A_lock_that_is_never_free_after_its_holder_died_is_found()
    {
        Assert.Single(LockJudge.Judge(_good with { Grants = [.. _good.Grants.SkipLast(1)] }).Late);
        Assert.Empty(LockJudge.Judge(_good with { Grants = [.. _good.Grants.SkipLast(1)], End = At(3000) }).Inheritances);
    }

    [Theory]
    [InlineData(1000, 2000, false, true)] // Another fault came, and took a second and an election.
    [InlineData(400, 2000, true, true)] // No majority was left from before its death on.
    [InlineData(400, 2000, false, false)] // It died by this fault, and a majority was left.
    [InlineData(5700, 6000, true, false)] // That was later.
    public void Faults_in_which_leases_cannot_end_excuse_their_time(int from, int until, bool leavesNoMajority, bool isExcused)
    {
        var verdict = LockJudge.Judge(_good with { Grants = Heir(at: 5600), Faults = [new FaultSpan(At(from), At(until), leavesNoMajority)] });

        Assert.Equal(isExcused, verdict.Late.Count == 0);
    }

    [Fact]
    public void What_was_lost_before_its_holder_died_is_not_inherited() =>
        Assert.Empty(LockJudge.Judge(_good with { Grants = Heir(at: 400) }).Inheritances);

    [Fact]
    public void What_a_client_wrote_down_is_read_as_it_was_written_unless_its_process_was_killed_meanwhile()
    {
        var one = new LockEvent(LockEventKind.Led, "election/1", "silo-1/candidate", 17, At(1), At(2), "silo-2/candidate");

        Assert.True(LockEvent.TryParse(one.ToString(), out var read));
        Assert.Equal(one, read);
        Assert.False(LockEvent.TryParse("ready", out _));
        Assert.False(LockEvent.TryParse($"{one with { Text = "" }}".TrimEnd(), out _));
    }

    private static void Finds(LockHistory history, Func<LockVerdict, IReadOnlyList<string>> rule, string violation)
    {
        var verdict = LockJudge.Judge(history);

        Assert.Equal(violation, Assert.Single(rule(verdict)));
        Assert.Equal([violation], verdict.Violations);
    }

    private static IReadOnlyList<LockGrant> Heir(int at) => [.. _good.Grants.SkipLast(1), Grant(_life, 30, "heir", at, at + 100)];

    private static LockGrant Grant(string name, long token, string client, int from, int until) =>
        new(name, token, client, Asked: At(0), At(from)) { From = At(from), Until = At(until), End = GrantEnd.Released };

    private static LockGrant Late(string name, long token, string client, int at) => new(name, token, client, Asked: At(0), At(at)) { End = GrantEnd.Lost };

    private static FencedWrite Write(string name, long token, string client, int at, bool isAccepted) => new(name, token, client, At(at), At(at + 1), isAccepted);

    private static TimeSpan At(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
