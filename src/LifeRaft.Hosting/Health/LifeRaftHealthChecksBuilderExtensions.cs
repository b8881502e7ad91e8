using LifeRaft.Hosting;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Health checks of a silo's LifeRaft.</summary>
public static class LifeRaftHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds two checks. <c>liferaft-ready</c>, tagged <c>ready</c>: whether this silo's nodes know their leaders and keep up; degraded when some
    /// do not, unhealthy when none can serve. After a start it is unhealthy until each node has served once and the declared groups exist, for
    /// at most one minute from the first question on, ten where a node is still sent what it missed. <c>liferaft-live</c>, tagged <c>live</c>:
    /// whether the log store works and no node hangs. Both ask nobody else.
    /// </summary>
    /// <param name="builder">From <c>AddHealthChecks()</c>, on a host whose silo has <c>AddLifeRaft</c>.</param>
    public static IHealthChecksBuilder AddLifeRaft(this IHealthChecksBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder
            .Add(new HealthCheckRegistration("liferaft-ready", services => Check(services, static (silo, first) => new ReadyHealthCheck(silo, first)), failureStatus: null, tags: ["ready"]))
            .Add(new HealthCheckRegistration("liferaft-live", services => Check(services, static (silo, _) => new LiveHealthCheck(silo)), failureStatus: null, tags: ["live"]));
    }

    private static IHealthCheck Check(IServiceProvider services, Func<SiloRaft, FirstService, IHealthCheck> create) =>
        services.GetService<SiloRaft>() is { } silo ? create(silo, services.GetRequiredService<FirstService>()) : new NoSilo();

    /// <summary>A host without a silo: an exception would fail the checks of everybody else, too.</summary>
    private sealed class NoSilo : IHealthCheck
    {
        public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            Task.FromResult(HealthCheckResult.Unhealthy("This host has no silo with LifeRaft. Add it with UseOrleans(silo => silo.AddLifeRaft(...)), or remove this check."));
    }
}
