using LifeRaft.TestSilo;

namespace LifeRaft.Chaos;

/// <summary>
/// Judges what clients of locks wrote down. It knows nothing of how locks are kept: only that a lock has one holder, that of two holders
/// the later one has the larger token, and that the dead hold nothing for long.
/// </summary>
internal static class LockJudge
{
    private static readonly TimeSpan _election = ChaosSettings.Timings.ElectionMax;

    public static LockVerdict Judge(LockHistory history)
    {
        var locks = history.Grants.GroupBy(grant => grant.Lock).Select(grants => grants.OrderBy(grant => grant.From ?? grant.At).ToList()).ToList();
        var inheritances = history.Deaths.SelectMany(death => Inheritances(death, history)).ToList();
        return new LockVerdict(history, inheritances)
        {
            SameTokens = [.. locks.SelectMany(SameTokens)],
            Falls = [.. locks.SelectMany(Falls).Concat(LeadersThatFall(history.Leaders))],
            Overlaps = [.. locks.SelectMany(Overlaps)],
            Impostors = [.. Impostors(history)],
            Unfenced = [.. history.Writes.GroupBy(write => write.Lock).SelectMany(Unfenced).Concat(RefusedHolders(history))],
        };
    }

    /// <summary>No two grants of a lock have the same token.</summary>
    private static IEnumerable<string> SameTokens(IReadOnlyList<LockGrant> grants) => grants
        .GroupBy(grant => grant.Token)
        .Where(same => same.Count() > 1)
        .Select(same => $"{same.First().Lock}: token {same.Key} was given to {string.Join(" and to ", same.Select(grant => grant.Client))}");

    /// <summary>
    /// Who holds a lock later has the larger token. Only who certainly held it counts: the answer to one whose lease ended on the way may
    /// come after that to the next.
    /// </summary>
    private static IEnumerable<string> Falls(IReadOnlyList<LockGrant> grants)
    {
        var held = grants.Where(grant => grant.From is not null).ToList();
        return held.Zip(held.Skip(1))
            .Where(pair => pair.Second.Token < pair.First.Token)
            .Select(pair => $"{pair.First.Lock}: {pair.Second} held it after {pair.First}");
    }

    private static IEnumerable<string> LeadersThatFall(IReadOnlyList<SeenLeader> leaders) => leaders
        .Zip(leaders.Skip(1))
        .Where(pair => pair.Second.Token < pair.First.Token || (pair.Second.Token == pair.First.Token && pair.Second.Candidate != pair.First.Candidate))
        .Select(pair => $"{pair.First.Election}: {pair.Second.Candidate} with token {pair.Second.Token} was seen to lead after {pair.First.Candidate} with token {pair.First.Token}");

    /// <summary>The times at which clients rely on holding a lock never overlap.</summary>
    private static IEnumerable<string> Overlaps(IReadOnlyList<LockGrant> grants)
    {
        LockGrant? last = null;
        foreach (var grant in grants.Where(grant => grant.From is not null))
        {
            if (last is not null && grant.From < last.Until)
            {
                yield return $"{grant.Lock}: {grant} held it while {last} did, for {((last.Until < grant.Until ? last.Until : grant.Until) - grant.From)!.Value.TotalMilliseconds:0} ms";
            }

            last = last is null || grant.Until > last.Until ? grant : last;
        }
    }

    /// <summary>Who is seen to lead is who was elected.</summary>
    private static IEnumerable<string> Impostors(LockHistory history)
    {
        var elected = history.Grants.ToLookup(grant => (grant.Lock, grant.Token), grant => grant.Client);
        return history.Leaders
            .Where(leader => elected[(leader.Election, leader.Token)].Any(client => client != leader.Candidate))
            .Select(leader => $"{leader.Election}: {leader.Candidate} was seen to lead with token {leader.Token}, which was given to {elected[(leader.Election, leader.Token)].First()}");
    }

    /// <summary>What a lock protects sees no token fall.</summary>
    private static IEnumerable<string> Unfenced(IEnumerable<FencedWrite> writes)
    {
        var accepted = writes.Where(write => write.IsAccepted).ToList();
        return accepted.Zip(accepted.Skip(1))
            .Where(pair => pair.Second.Token < pair.First.Token)
            .Select(pair => $"{pair.First.Lock}: a write with token {pair.Second.Token} was accepted after one with token {pair.First.Token}");
    }

    /// <summary>Who held the lock still when its write arrived is not refused.</summary>
    private static IEnumerable<string> RefusedHolders(LockHistory history)
    {
        var grants = history.Grants.ToLookup(grant => (grant.Lock, grant.Token, grant.Client));
        return history.Writes
            .Where(write => !write.IsAccepted && grants[(write.Lock, write.Token, write.Client)].Any(grant => grant.From <= write.SentAt && grant.Until >= write.ArrivedAt))
            .Select(write => $"{write.Lock}: a write of {write.Client} with token {write.Token} was refused while it held the lock");
    }

    /// <summary>
    /// What the dead held and an heir waited for: how long it took until somebody had it. The clock of leases stands still while no
    /// majority is left, and each other fault may cost an election more.
    /// </summary>
    private static IEnumerable<Inheritance> Inheritances(HolderDeath death, LockHistory history)
    {
        var left = history.Grants
            .Where(grant => LockNames.IsInherited(grant.Lock) && death.IsOf(grant.Client) && grant.At < death.At && grant.End is GrantEnd.Open or GrantEnd.Died)
            .GroupBy(grant => grant.Lock)
            .Select(grants => grants.MaxBy(grant => grant.Token)!);
        foreach (var grant in left)
        {
            var next = history.Grants.Where(other => other.Lock == grant.Lock && other.Token > grant.Token).MinBy(other => other.Token);
            if (next?.At < death.At)
            {
                continue; // It was lost before.
            }

            var until = next?.At ?? history.End;
            var faults = history.Faults.Where(fault => (fault.LeavesNoMajority || fault.From > death.At) && fault.Within(death.At, until) > TimeSpan.Zero).ToList();
            var excused = faults.Aggregate(TimeSpan.Zero, (sum, fault) => sum + fault.Within(death.At, until) + _election);
            var isOpen = next is null && until - death.At < LockNames.TimeToLive + _election + ChaosSettings.LockAllowance + excused;
            if (!isOpen)
            {
                yield return new Inheritance(grant, death, next is null ? null : until - death.At, excused);
            }
        }
    }
}
