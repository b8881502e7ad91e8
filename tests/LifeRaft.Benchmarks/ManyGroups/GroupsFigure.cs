using System.Text.Json;

namespace LifeRaft.Benchmarks;

/// <summary>One figure of a run with many groups.</summary>
/// <param name="Measure">What was measured.</param>
/// <param name="Value">What came of it.</param>
/// <param name="Unit">Of what.</param>
/// <param name="Goal">What it is to be; null where there is no goal.</param>
/// <param name="IsAtMost">Whether the goal is the most that it may be, not the least.</param>
internal sealed record GroupsFigure(string Measure, double Value, string Unit, double? Goal = null, bool IsAtMost = true)
{
    private static readonly JsonSerializerOptions _options = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };

    /// <summary>Writes rows of {measure, value, unit, goal, is_at_most}.</summary>
    public static async Task Write(FileInfo file, IReadOnlyList<GroupsFigure> figures, CancellationToken cancellationToken)
    {
        await using var stream = file.Create();
        await JsonSerializer.SerializeAsync(stream, figures, _options, cancellationToken);
    }
}
