using OpenTelemetry.Exporter;

namespace LifeRaft.Silo;

/// <summary>Metrics and traces sent to a collector of OpenTelemetry.</summary>
public sealed class OtlpSettings
{
    /// <summary>The collector.</summary>
    /// <value>
    /// Empty by default: nothing is sent. For instance <c>http://collector:4317</c>; over HTTP <c>/v1/metrics</c> and <c>/v1/traces</c> are added to it.
    /// </value>
    public string Endpoint { get; set; } = "";

    /// <summary>How it is spoken to.</summary>
    /// <value>Grpc by default (port 4317); HttpProtobuf (port 4318).</value>
    public OtlpExportProtocol Protocol { get; set; } = OtlpExportProtocol.Grpc;

    /// <summary>How often metrics are sent.</summary>
    /// <value>1 s to 1 h; 30 s by default.</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether traces are sent, too.</summary>
    /// <value>False by default: each grain call then carries and records its trace, which costs some of the throughput.</value>
    public bool Traces { get; set; }

    internal bool IsEnabled => Endpoint.Length > 0;

    internal IEnumerable<SettingProblem> Problems() =>
    [
        .. IsEnabled && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps))
            ? [new SettingProblem("Telemetry:Otlp:Endpoint", $"is '{HiddenText.Of(Endpoint)}', which is no URL of http or https. Write for instance 'http://127.0.0.1:4317'.")]
            : (SettingProblem[])[],
        .. SettingRules.Between("Telemetry:Otlp:Interval", Interval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
    ];
}
