using System.Globalization;

namespace LifeRaft.Chaos;

/// <summary>How a fault went.</summary>
/// <param name="Number">1 for the first.</param>
/// <param name="Fault">The fault.</param>
/// <param name="Span">When it was.</param>
/// <param name="Progress">What clients could do meanwhile and then, of each kind.</param>
internal sealed record Recovery(int Number, Fault Fault, FaultSpan Span, IReadOnlyList<Progress> Progress)
{
    private static readonly TimeSpan _election = ChaosSettings.Timings.ElectionMax;

    /// <summary>The rule: two election timeouts, and for a process that was started a little more.</summary>
    public TimeSpan Limit => (2 * _election) + (Fault.RestartsSilos ? ChaosSettings.ProcessAllowance : TimeSpan.Zero);

    public bool IsLate => Progress.Any(progress => progress.Took is not { } took || took > Limit);

    public override string ToString()
    {
        var progress = string.Join(", ", Progress.Select(progress => progress.Took is { } took
            ? string.Create(CultureInfo.InvariantCulture, $"{progress.Of} {took.TotalMilliseconds:0} ms after its end")
            : $"no {progress.Of} within {Duration.Format(ChaosSettings.Patience)}"));
        return string.Create(CultureInfo.InvariantCulture, $"{Number,3}. {Fault}, for {(Span.Until - Span.From).TotalSeconds:0.0} s; {progress}{(IsLate ? $", later than {Duration.Format(Limit)}" : "")}");
    }
}

/// <summary>What clients could do of one kind.</summary>
/// <param name="Of">What counts as progress, for people.</param>
/// <param name="Served">From the fault's begin to the first that began after it; null when none came before it was taken back.</param>
/// <param name="Took">From its end to the first that began after it; null when none came.</param>
internal sealed record Progress(string Of, TimeSpan? Served, TimeSpan? Took);
