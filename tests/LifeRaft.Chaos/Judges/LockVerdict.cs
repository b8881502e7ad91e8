using System.Globalization;
using LifeRaft.TestSilo;

namespace LifeRaft.Chaos;

/// <summary>What the judge of locks found.</summary>
/// <param name="History">What was judged.</param>
/// <param name="Inheritances">What became of the locks of the dead.</param>
internal sealed record LockVerdict(LockHistory History, IReadOnlyList<Inheritance> Inheritances)
{
    /// <summary>Two grants of one lock with the same token.</summary>
    public IReadOnlyList<string> SameTokens { get; init; } = [];

    /// <summary>A later holder, or a leader seen later, with a smaller token.</summary>
    public IReadOnlyList<string> Falls { get; init; } = [];

    /// <summary>Two that relied on holding one lock at the same time.</summary>
    public IReadOnlyList<string> Overlaps { get; init; } = [];

    /// <summary>A leader was seen that another one was.</summary>
    public IReadOnlyList<string> Impostors { get; init; } = [];

    /// <summary>Writes that were accepted, or refused, and should not have been.</summary>
    public IReadOnlyList<string> Unfenced { get; init; } = [];

    /// <summary>Everything that must not be.</summary>
    public IReadOnlyList<string> Violations => [.. SameTokens, .. Falls, .. Overlaps, .. Impostors, .. Unfenced, .. History.Surprises.Distinct()];

    /// <summary>Locks of the dead that were free too late.</summary>
    public IReadOnlyList<Inheritance> Late => [.. Inheritances.Where(inheritance => inheritance.IsLate)];

    public int LateWritesRefused => History.Writes.Count(write => !write.IsAccepted);

    public void Print(Action<string> print)
    {
        var (grants, writes) = (History.Grants, History.Writes);
        print(Invariant($"locks: {grants.Count} acquired by {grants.Select(grant => grant.Client).Distinct().Count()} clients, {grants.Count(grant => grant.Lock == LockNames.Election)} of them leadership; {Ended(GrantEnd.Released)} released, {Ended(GrantEnd.Lost)} lost, {Ended(GrantEnd.Died)} of clients that died, {Ended(GrantEnd.Open)} of processes that were killed; {History.Leaders.Count} leaders seen by an observer"));
        print(Invariant($"tokens: {SameTokens.Count} given twice, {Falls.Count} fallen, {Impostors.Count} seen with another leader; two that held a lock at once: {Overlaps.Count}, of {grants.Count(grant => grant.From is not null)} that held one"));
        print(Invariant($"fenced writes: {writes.Count - LateWritesRefused} accepted, {LateWritesRefused} of former holders refused, {Unfenced.Count} judged wrongly"));
        PrintInheritances("clients that died", Inheritances.Where(inheritance => inheritance.Grant.End == GrantEnd.Died), print);
        PrintInheritances("killed processes", Inheritances.Where(inheritance => inheritance.Grant.End != GrantEnd.Died), print);
    }

    private static void PrintInheritances(string whose, IEnumerable<Inheritance> all, Action<string> print)
    {
        var hindered = all.Where(one => one.Excused > TimeSpan.Zero).ToList();
        var times = all.Where(one => one.Excused == TimeSpan.Zero).Select(one => one.Took ?? ChaosSettings.Patience).Order().ToList();
        var free = times.Count == 0 ? "none" : $"{times.Count} free again after {times[times.Count / 2].TotalMilliseconds:0} ms (median), {times[^1].TotalMilliseconds:0} ms (max)";
        var late = hindered.Select(one => (one.Took ?? ChaosSettings.Patience) - Inheritance.Rule - one.Excused).Append(TimeSpan.Zero).Max();
        print(Invariant($"locks of {whose}: {free}; the rule is {Duration.Format(Inheritance.Rule)}, {times.Count(took => took > Inheritance.Rule)} took longer, and a busy machine is allowed {Duration.Format(ChaosSettings.LockAllowance)} more; {hindered.Count} were hindered by other faults, {late.TotalMilliseconds:0} ms (max) later than the rule and those"));
    }

    private int Ended(GrantEnd end) => History.Grants.Count(grant => grant.End == end);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
