using System.Diagnostics;

namespace LifeRaft.Simulation;

/// <summary>
/// Looks for a smaller plan that breaks the same rule: shorter, with fewer faults and changes of the membership (delta debugging,
/// Zeller 1999), with fewer clients. It stops when nothing more can be left out, or when the time is over, with the smallest found.
/// </summary>
internal sealed class Shrinker
{
    private readonly string _rule;
    private readonly TimeSpan _longest;
    private readonly TimeSpan _patience;
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private Shrinker(RunResult failed, TimeSpan patience)
    {
        _rule = failed.Broken!.Rule;
        _longest = failed.VirtualTime;
        _patience = patience;
        Smallest = failed;
    }

    /// <summary>The smallest run so far that breaks the rule.</summary>
    private RunResult Smallest { get; set; }

    private bool IsOver => _clock.Elapsed >= _patience;

    /// <summary>Shrinks a run that broke a rule.</summary>
    /// <param name="failed">The run.</param>
    /// <param name="patience">How long it may take, about.</param>
    public static RunResult Shrink(RunResult failed, TimeSpan patience)
    {
        var shrinker = new Shrinker(failed, patience);
        int before;
        do
        {
            before = shrinker.Smallest.Decisions.Count;
            shrinker.EndSooner();
            shrinker.LeaveOutDecisions();
            shrinker.LeaveOutClients();
        }
        while (shrinker.Smallest.Decisions.Count < before && !shrinker.IsOver);
        return shrinker.Smallest;
    }

    /// <summary>Nothing that comes after the rule was broken matters, and perhaps not what comes right before it.</summary>
    private void EndSooner()
    {
        var at = Math.Ceiling(Smallest.Broken!.At.TotalMilliseconds);
        var present = Smallest.Plan.Until?.TotalMilliseconds ?? double.MaxValue;
        foreach (var share in new[] { 0.25, 0.5, 0.75, 1 })
        {
            var until = Math.Ceiling(at * share);
            if (until < present && Try(Smallest.Plan with { Until = TimeSpan.FromMilliseconds(until) }))
            {
                return;
            }
        }
    }

    private void LeaveOutDecisions()
    {
        for (var size = Smallest.Decisions.Count; size > 0 && !IsOver; size /= 2)
        {
            // From the end: what came last is the least likely to have mattered.
            for (var first = Smallest.Decisions.Count - size; first > -size && !IsOver; first -= size)
            {
                var from = Math.Max(0, first);
                var left = Smallest.Decisions.Skip(from).Take(Math.Min(size, first + size)).Select(decision => decision.Name).ToList();
                if (left.Count > 0 && Try(Smallest.Plan with { Without = new HashSet<string>(Smallest.Plan.Without.Concat(left)) }))
                {
                    first = Math.Min(first, Smallest.Decisions.Count);
                }
            }
        }
    }

    private void LeaveOutClients()
    {
        for (var clients = 1; clients < (Smallest.Plan.Clients ?? World.MostClients) && !IsOver; clients++)
        {
            if (Try(Smallest.Plan with { Clients = clients }))
            {
                return;
            }
        }
    }

    private bool Try(RunPlan plan)
    {
        if (IsOver)
        {
            return false;
        }

        var result = SimulationRun.Of(plan);
        if (result.Broken?.Rule != _rule || result.Decisions.Count > Smallest.Decisions.Count || result.VirtualTime > _longest)
        {
            return false; // Another rule, or the same one, but later than it was broken first, or so much later that more was decided.
        }

        Smallest = result;
        return true;
    }
}
