using LifeRaft.Hosting;

namespace LifeRaft.Silo;

/// <summary>
/// All that a silo is told, as in its file; <c>silo-config/reference.jsonc</c> explains each key. A silo in a program of one's own is made from
/// one of these by <see cref="LifeRaftSilo.Create(SiloConfiguration, Action{WebApplicationBuilder})"/>.
/// </summary>
public sealed class SiloConfiguration
{
    /// <summary>Who the silo is and where the others find it.</summary>
    public SiloSettings Silo { get; } = new();

    /// <summary>Where health, metrics and the dashboard are served.</summary>
    public HttpSettings Http { get; } = new();

    /// <summary>How the silos of the cluster find each other.</summary>
    public ClusteringSettings Clustering { get; } = new();

    /// <summary>Where the logs of the silo's nodes are kept.</summary>
    public LogSettings Log { get; } = new();

    /// <summary>How the nodes behave, and which groups there are to be.</summary>
    public RaftOptions LifeRaft { get; } = new();

    /// <summary>Encryption between silos and to clients.</summary>
    public TlsSettings Tls { get; } = new();

    /// <summary>What the silo tells of its work, in numbers.</summary>
    public TelemetrySettings Telemetry { get; } = new();

    /// <summary>The page for operators.</summary>
    public DashboardSettings Dashboard { get; } = new();

    /// <summary>What is written to the console.</summary>
    public LoggingSettings Logging { get; } = new();

    /// <summary>What is wrong with these settings, each with the path of its key.</summary>
    internal IEnumerable<SettingProblem> Problems() =>
    [
        .. Silo.Problems(),
        .. Http.Problems(),
        .. Http.ProblemsWith(Tls),
        .. Http.ProblemsWith(Dashboard),
        .. Clustering.Problems(),
        .. SiloPorts.Problems(this),
        .. Log.Problems(),
        .. SettingRules.OfRaft(LifeRaft),
        .. Tls.Problems(),
        .. Telemetry.Problems(),
        .. Dashboard.Problems(),
    ];
}
