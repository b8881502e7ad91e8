using System.Diagnostics.Metrics;

namespace LifeRaft.Silo;

/// <summary>Measures how long the silo's certificate is valid yet, so that somebody is told before it ends: <c>liferaft.certificate.left</c>, in seconds.</summary>
internal sealed class CertificateEnd : IHostedService
{
    public CertificateEnd(IMeterFactory meters, SiloCertificate own, TimeProvider time)
    {
        var end = own.Certificate.NotAfter.ToUniversalTime();
        meters.Create(LogVolume.MeterName).CreateObservableGauge(
            "liferaft.certificate.left", () => (end - time.GetUtcNow().UtcDateTime).TotalSeconds, "s", "Until the silo's certificate ends; negative once it has.");
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
