namespace LifeRaft.Silo;

/// <summary>What the silo tells of its work, in numbers.</summary>
public sealed class TelemetrySettings
{
    /// <summary>Whether <c>/metrics</c> answers Prometheus.</summary>
    /// <value>True by default. It costs nothing while nobody asks.</value>
    public bool Prometheus { get; set; } = true;

    /// <summary>Metrics and traces sent to a collector of OpenTelemetry.</summary>
    public OtlpSettings Otlp { get; } = new();

    internal IEnumerable<SettingProblem> Problems() => Otlp.Problems();
}
