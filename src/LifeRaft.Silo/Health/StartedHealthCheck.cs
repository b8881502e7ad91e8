using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LifeRaft.Silo;

/// <summary>Whether the silo has joined its cluster.</summary>
internal sealed class StartedHealthCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lifetime.ApplicationStarted.IsCancellationRequested ? HealthCheckResult.Healthy("The silo has joined.") : HealthCheckResult.Unhealthy("The silo is starting: it has not joined the cluster yet."));
}
