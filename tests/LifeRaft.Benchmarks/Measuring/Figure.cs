using System.Text.Json;

namespace LifeRaft.Benchmarks;

/// <summary>One figure of a run that has a goal of its own, not one beside another system's.</summary>
/// <param name="Measure">What was measured.</param>
/// <param name="Value">What came of it.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Goal">What it is to be; null where there is no goal.</param>
/// <param name="IsAtMost">Whether the goal is the most that it may be, not the least.</param>
internal sealed record Figure(string Measure, double Value, string Unit, double? Goal = null, bool IsAtMost = true)
{
    private static readonly JsonSerializerOptions _options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Whether it is as it should be; null where there is no goal.</summary>
    public bool? IsMet => Goal is { } goal ? (IsAtMost ? Value <= goal : Value >= goal) : null;

    /// <summary>The median of each figure by itself, over rounds that have the same figures in the same order.</summary>
    public static IReadOnlyList<Figure> MediansOf(IReadOnlyList<IReadOnlyList<Figure>> rounds) =>
        [.. rounds[0].Select((figure, index) => figure with { Value = Measurement.Median(rounds.Select(round => round[index].Value)) })];

    /// <summary>Writes rows of {measure, value, unit, goal, is_at_most, is_met}.</summary>
    public static async Task Write(FileInfo file, IReadOnlyList<Figure> figures, CancellationToken cancellationToken)
    {
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, figures, _options, cancellationToken);
    }
}
