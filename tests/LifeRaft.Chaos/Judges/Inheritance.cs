using LifeRaft.TestSilo;

namespace LifeRaft.Chaos;

/// <summary>What became of a lock whose holder died.</summary>
/// <param name="Grant">What the dead one held.</param>
/// <param name="Death">Its death.</param>
/// <param name="Took">From its death until somebody else had the lock; null if nobody had it.</param>
/// <param name="Excused">For how long the group was hindered meanwhile by other faults, and the elections that those cost.</param>
internal sealed record Inheritance(LockGrant Grant, HolderDeath Death, TimeSpan? Took, TimeSpan Excused)
{
    /// <summary>The rule: the time to live and one election timeout.</summary>
    public static TimeSpan Rule { get; } = LockNames.TimeToLive + ChaosSettings.Timings.ElectionMax;

    public bool IsLate => Took is not { } took || took > Rule + Excused + ChaosSettings.LockAllowance;

    public override string ToString() =>
        $"{Grant.Lock}, which {Grant} held when it died, was {(Took is { } took ? $"free after {took.TotalMilliseconds:0} ms" : "not free again")}; the rule is {Duration.Format(Rule)}, other faults took {Excused.TotalMilliseconds:0} ms";
}
