using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// The replicated time by which sessions expire, in milliseconds. It must never run faster than any client's own clock, or sessions
/// would expire whose clients are alive; that it runs slower costs only memory. So it does not follow the leaders' wall clocks, which
/// differ, leap and go back. Between two sessions' entries of one term it advances by what the leader of that term has measured
/// with a clock that only counts; from one leader to the next it stands still, since nobody has measured that. And it advances by a
/// third of the shortest timeout at most: clients that live send something that often, so when nobody did for longer, it was the group
/// that was away and not they, and after an outage each gets the time to say that it lives.
/// </summary>
/// <param name="Now">The replicated time.</param>
/// <param name="Term">The term of the last entry of a session.</param>
/// <param name="Reading">What its leader's clock showed then, in milliseconds since a moment of its own.</param>
internal readonly record struct SessionClock(long Now, Term Term, long Reading)
{
    /// <summary>The time at the next entry of a session.</summary>
    /// <param name="term">The entry's term.</param>
    /// <param name="reading">What its leader's clock showed.</param>
    /// <param name="shortestTimeout">The shortest timeout of a session, in milliseconds.</param>
    public SessionClock Advance(Term term, long reading, long shortestTimeout)
    {
        var passed = term == Term ? Math.Clamp(reading - Reading, 0, shortestTimeout / 3) : 0;
        return new SessionClock(Now + passed, term, term == Term ? Math.Max(Reading, reading) : reading);
    }
}
