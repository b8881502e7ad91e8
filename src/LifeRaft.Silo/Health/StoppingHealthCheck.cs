using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LifeRaft.Silo;

/// <summary>Whether the silo was told to stop: known before anything else of it changes, so that whoever distributes requests turns to others.</summary>
internal sealed class StoppingHealthCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("The silo is being stopped.") : HealthCheckResult.Healthy());
}
