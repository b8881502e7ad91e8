using System.Collections.Immutable;

namespace LifeRaft.Protocol;

/// <summary>
/// The arithmetic of majorities, for one set of voters and for the two of a joint configuration.
/// <code>
/// match     5   9   7        sorted 9 7 5, majority 2 of 3: the second, 7, is held by two
/// match     5   9   7   2    sorted 9 7 5 2, majority 3 of 4: the third, 5
/// </code>
/// </summary>
public static class Quorum
{
    /// <summary>How many of that many voters decide.</summary>
    public static int MajorityOf(int voters) => (voters / 2) + 1;

    /// <summary>Whether those for whom the test holds decide.</summary>
    public static bool IsReached<TContext>(GroupConfiguration configuration, TContext context, Func<TContext, MemberId, bool> test) =>
        IsReached(configuration.Voters, context, test)
        && (!configuration.IsJoint || IsReached(configuration.Outgoing, context, test));

    /// <summary>Whether those for whom the test holds make a decision impossible for the others.</summary>
    public static bool IsBlocked<TContext>(GroupConfiguration configuration, TContext context, Func<TContext, MemberId, bool> test) =>
        IsBlocked(configuration.Voters, context, test)
        || (configuration.IsJoint && IsBlocked(configuration.Outgoing, context, test));

    /// <summary>The highest value that deciding voters have all reached.</summary>
    public static long Reached<TContext>(GroupConfiguration configuration, TContext context, Func<TContext, MemberId, long> value)
    {
        var reached = Reached(configuration.Voters, context, value);
        return configuration.IsJoint ? Math.Min(reached, Reached(configuration.Outgoing, context, value)) : reached;
    }

    private static bool IsReached<TContext>(ImmutableArray<Member> voters, TContext context, Func<TContext, MemberId, bool> test) =>
        voters.Length > 0 && Count(voters, context, test) >= MajorityOf(voters.Length);

    private static bool IsBlocked<TContext>(ImmutableArray<Member> voters, TContext context, Func<TContext, MemberId, bool> test) =>
        voters.Length - Count(voters, context, test) < MajorityOf(voters.Length);

    private static int Count<TContext>(ImmutableArray<Member> voters, TContext context, Func<TContext, MemberId, bool> test)
    {
        var count = 0;
        foreach (var voter in voters)
        {
            count += test(context, voter.Id) ? 1 : 0;
        }

        return count;
    }

    private static long Reached<TContext>(ImmutableArray<Member> voters, TContext context, Func<TContext, MemberId, long> value)
    {
        if (voters.IsEmpty)
        {
            return 0;
        }

        Span<long> values = voters.Length <= 16 ? stackalloc long[voters.Length] : new long[voters.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = value(context, voters[i].Id);
        }

        values.Sort();
        return values[values.Length - MajorityOf(values.Length)];
    }
}
