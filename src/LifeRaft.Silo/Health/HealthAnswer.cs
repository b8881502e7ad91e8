using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LifeRaft.Silo;

/// <summary>The body of a health answer.</summary>
/// <param name="Silo">Who answers.</param>
/// <param name="Status">Healthy, Degraded (it works, but somebody should look) or Unhealthy.</param>
/// <param name="Checks">What was looked at.</param>
internal sealed record HealthAnswer(string Silo, string Status, IReadOnlyDictionary<string, HealthAnswer.Check> Checks)
{
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <param name="Status">As above.</param>
    /// <param name="Problem">What is wrong, or what was found.</param>
    /// <param name="Data">More of it, for instance by node.</param>
    internal sealed record Check(string Status, string? Problem, IReadOnlyDictionary<string, object> Data)
    {
        public static Check Of(HealthReportEntry entry) => new(entry.Status.ToString(), entry.Description ?? entry.Exception?.Message, entry.Data);
    }
}
