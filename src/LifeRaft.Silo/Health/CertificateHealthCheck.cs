using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LifeRaft.Silo;

/// <summary>Warns before the silo's certificate expires: connections that are there go on, but no new one is made any more.</summary>
internal sealed class CertificateHealthCheck(SiloCertificate own, TimeProvider time) : IHealthCheck
{
    private static readonly TimeSpan _notice = TimeSpan.FromDays(14);

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var end = own.Certificate.NotAfter.ToUniversalTime();
        var left = end - time.GetUtcNow().UtcDateTime;
        return Task.FromResult(left > _notice
            ? HealthCheckResult.Healthy($"The certificate is valid until {end:u}.")
            : HealthCheckResult.Degraded($"The certificate {(left > TimeSpan.Zero ? "expires" : "expired")} at {end:u}. Renew it and restart the silo."));
    }
}
