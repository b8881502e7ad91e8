using System.Globalization;

namespace LifeRaft.Chaos;

/// <summary>How a fault went.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Fault">The fault.</param>
/// <param name="Lasted">From when it was in force to when nothing of it was left.</param>
/// <param name="Served">From its begin to the first acknowledged write that began after it; null when none came before it was taken back.</param>
/// <param name="Took">From its end to the first acknowledged write that began after it; null when none came.</param>
internal sealed record Recovery(int Number, Fault Fault, TimeSpan Lasted, TimeSpan? Served, TimeSpan? Took)
{
    private static readonly TimeSpan _election = ChaosSettings.Timings.ElectionMax;

    /// <summary>The rule: two election timeouts, and for a process that was started a little more.</summary>
    public TimeSpan Limit => (2 * _election) + (Fault.RestartsSilos ? ChaosSettings.ProcessAllowance : TimeSpan.Zero);

    public bool IsLate => Took is not { } took || took > Limit;

    public override string ToString()
    {
        var progress = Took is { } took
            ? string.Create(CultureInfo.InvariantCulture, $"progress {took.TotalMilliseconds:0} ms after its end")
            : $"no progress within {Duration.Format(ChaosSettings.Patience)}";
        return string.Create(CultureInfo.InvariantCulture, $"{Number,3}. {Fault}, for {Lasted.TotalSeconds:0.0} s; {progress}{(IsLate ? $", later than {Duration.Format(Limit)}" : "")}");
    }
}
