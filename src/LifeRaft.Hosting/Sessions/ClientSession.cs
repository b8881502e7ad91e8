using System.Collections.Immutable;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>One session as every member holds it. Immutable, so that a snapshot captures it by reference.</summary>
/// <param name="Id">The index of the entry that opened it.</param>
/// <param name="Limits">What it lives under.</param>
internal sealed record ClientSession(LogIndex Id, SessionLimits Limits)
{
    /// <summary>The replicated time of its last request, in milliseconds.</summary>
    public required long UsedAt { get; init; }

    /// <summary>The entry of its last request.</summary>
    public required LogIndex UsedBy { get; init; }

    /// <summary>The client has the answers of all numbers below, or wants them no more.</summary>
    public long Answered { get; init; } = 1;

    /// <summary>
    /// What came of the commands that were applied, by number. Invariant: all numbers lie in the <see cref="SessionLimits.Results"/>
    /// that begin with <see cref="Answered"/>.
    /// </summary>
    public ImmutableSortedDictionary<long, SessionReply> Results { get; init; } = ImmutableSortedDictionary<long, SessionReply>.Empty;

    /// <summary>The bodies in <see cref="Results"/>, in bytes. Invariant: at most <see cref="SessionLimits.ResultBytes"/>.</summary>
    public long ResultBytes { get; init; }

    /// <summary>Forgets what the client has the answers of.</summary>
    public ClientSession AnsweredBelow(long number)
    {
        if (number <= Answered)
        {
            return this;
        }

        var (results, bytes) = (Results.ToBuilder(), ResultBytes);
        foreach (var (old, reply) in Results)
        {
            if (old >= number)
            {
                break;
            }

            results.Remove(old);
            bytes -= reply.Body.Length;
        }

        return this with { Answered = number, Results = results.ToImmutable(), ResultBytes = bytes };
    }

    /// <summary>Remembers what came of a command. What there is no room for is forgotten, lowest number first; that it was applied is not.</summary>
    public ClientSession Applied(long number, SessionReply reply)
    {
        var results = Results.Add(number, reply);
        var bytes = ResultBytes + reply.Body.Length;
        return bytes <= Limits.ResultBytes ? this with { Results = results, ResultBytes = bytes } : Forgetting(results, bytes);
    }

    private ClientSession Forgetting(ImmutableSortedDictionary<long, SessionReply> results, long bytes)
    {
        var left = results;
        foreach (var (number, reply) in results)
        {
            if (bytes <= Limits.ResultBytes)
            {
                break;
            }

            if (!reply.Body.IsEmpty)
            {
                left = left.SetItem(number, new SessionReply(SessionOutcome.Forgotten, default));
                bytes -= reply.Body.Length;
            }
        }

        return this with { Results = left, ResultBytes = bytes };
    }
}
