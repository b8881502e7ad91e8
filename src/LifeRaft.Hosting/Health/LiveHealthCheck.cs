using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LifeRaft.Hosting;

/// <summary>
/// Whether a restart of this process would help: its log store has stopped, or a node hangs. What other silos do, or whether a group has a
/// leader, is no reason to restart this one.
/// </summary>
internal sealed class LiveHealthCheck(SiloRaft silo) : IHealthCheck
{
    /// <summary>Far above any turn, and any pause of the process that ends by itself.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private const int Named = 20;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var stopped = silo.Store.Stopped;
        return Task.FromResult(stopped.IsCompletedSuccessfully
            ? HealthCheckResult.Unhealthy($"The log store has stopped: {stopped.Result.Message}")
            : Judge(silo.Inbox.Pumps));
    }

    internal static HealthCheckResult Judge(IEnumerable<NodePump> pumps)
    {
        var hanging = pumps.Where(pump => !pump.IsOver && pump.Overdue > Patience).ToList();
        if (hanging.Count == 0)
        {
            return HealthCheckResult.Healthy();
        }

        var data = hanging.Take(Named).ToDictionary(pump => pump.Endpoint, object (pump) => $"has {pump.Pending} inputs waiting for {pump.Overdue.TotalSeconds:0} s");
        return HealthCheckResult.Unhealthy($"{hanging.Count} nodes hang, {hanging[0].Endpoint} for {hanging[0].Overdue.TotalSeconds:0} s: its state machine does not return, or the process has no threads to spare.", null, data);
    }
}
