using System.Diagnostics.Metrics;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LifeRaft.Silo;

/// <summary>Metrics for Prometheus, and metrics and traces for a collector of OpenTelemetry.</summary>
internal static class SiloTelemetry
{
    private const string MetricsPath = "/metrics";
    private static readonly string[] _meters = ["LifeRaft", LogVolume.MeterName, "Microsoft.Orleans", "System.Runtime"];
    private static readonly string[] _sources = ["LifeRaft", "Microsoft.Orleans.*"];

    public static void Add(WebApplicationBuilder builder, SiloConfiguration configuration, SiloCertificate? certificate)
    {
        var settings = configuration.Telemetry;
        if (!settings.Prometheus && !settings.Otlp.IsEnabled)
        {
            return;
        }

        if (configuration.Log.Kind == LogKind.RocksDb)
        {
            builder.Services.AddMetrics().AddHostedService(services => new LogVolume(services.GetRequiredService<IMeterFactory>(), configuration.Log));
        }

        if (certificate is not null)
        {
            builder.Services.AddMetrics().AddHostedService(services => new CertificateEnd(services.GetRequiredService<IMeterFactory>(), certificate, TimeProvider.System));
        }

        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("liferaft-silo", serviceNamespace: configuration.Silo.ClusterId, serviceInstanceId: configuration.Silo.Name))
            .WithMetrics(metrics => AddMetrics(metrics, settings));
        if (settings.Otlp is { IsEnabled: true, Traces: true })
        {
            telemetry.WithTracing(traces => traces.AddSource(_sources).AddOtlpExporter(exporter => Set(exporter, settings.Otlp, "v1/traces")));
            builder.UseOrleans(silo => silo.AddActivityPropagation());
        }
    }

    public static void Map(WebApplication application, TelemetrySettings settings)
    {
        if (settings.Prometheus)
        {
            application.MapPrometheusScrapingEndpoint(MetricsPath);
        }
    }

    private static void AddMetrics(MeterProviderBuilder metrics, TelemetrySettings settings)
    {
        metrics.AddMeter(_meters);
        if (settings.Prometheus)
        {
            metrics.AddPrometheusExporter();
        }

        if (settings.Otlp.IsEnabled)
        {
            metrics.AddOtlpExporter((exporter, reader) =>
            {
                Set(exporter, settings.Otlp, "v1/metrics");
                reader.PeriodicExportingMetricReaderOptions.ExportIntervalMilliseconds = (int)settings.Otlp.Interval.TotalMilliseconds;
            });
        }
    }

    /// <summary>Over HTTP each signal has a path of its own below the collector's URL; the exporter adds it only to URLs of its own environment variables.</summary>
    private static void Set(OtlpExporterOptions exporter, OtlpSettings settings, string path)
    {
        exporter.Protocol = settings.Protocol;
        exporter.Endpoint = new Uri(settings.Protocol == OtlpExportProtocol.HttpProtobuf ? $"{settings.Endpoint.TrimEnd('/')}/{path}" : settings.Endpoint);
    }
}
