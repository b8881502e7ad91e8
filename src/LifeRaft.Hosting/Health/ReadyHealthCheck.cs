using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LifeRaft.Hosting;

/// <summary>
/// Whether this silo's nodes can serve their groups, by what they know themselves. One group that is ill, as all its silos see it, must not
/// take the others' silos away from their clients: the silo is unready only when none of its nodes can serve.
/// </summary>
internal sealed class ReadyHealthCheck(SiloRaft silo) : IHealthCheck
{
    private const int Named = 20;

    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (silo.Store.Stopped is { IsCompletedSuccessfully: true } stopped)
        {
            return HealthCheckResult.Unhealthy($"The log store has stopped: {stopped.Result.Message}");
        }

        if (silo.Phase is not SiloPhase.Active)
        {
            return HealthCheckResult.Unhealthy(silo.Phase switch
            {
                SiloPhase.Starting => "The log store is not open yet.",
                SiloPhase.Opened => "The silo is not active yet.",
                _ => "The silo is being stopped.",
            });
        }

        var nodes = silo.Store.ListNodes().Select(name => NodeKey.TryParse(name, out var key) ? key : (NodeKey?)null).OfType<NodeKey>();
        var conditions = await Task.WhenAll(nodes.Select(async key => (Key: key, Condition: await Look(key, cancellationToken))));
        return Judge([.. conditions.Where(node => node.Condition.Problem is not null).OrderByDescending(node => node.Condition.IsUnfit).ThenBy(node => node.Key.ToString(), StringComparer.Ordinal)], conditions.Length, conditions.Any(node => node.Condition is { IsUnfit: false, IsIdle: false }));
    }

    private static HealthCheckResult Judge(IReadOnlyList<(NodeKey Key, NodeCondition Condition)> problems, int nodes, bool anyServes)
    {
        if (problems.Count == 0)
        {
            return HealthCheckResult.Healthy($"{nodes} nodes know their leaders.");
        }

        var data = problems.Take(Named).ToDictionary(problem => problem.Key.ToString(), object (problem) => problem.Condition.Problem!);
        var unfit = problems.Count(problem => problem.Condition.IsUnfit);
        var first = $"{problems[0].Key} {problems[0].Condition.Problem}";
        return unfit > 0 && !anyServes ? HealthCheckResult.Unhealthy($"{unfit} of {nodes} nodes cannot serve. {first}.", null, data)
            : unfit > 0 ? HealthCheckResult.Degraded($"{unfit} of {nodes} nodes cannot serve. {first}.", null, data)
            : HealthCheckResult.Degraded($"{problems.Count} of {nodes} nodes are behind. {first}.", null, data);
    }

    private Task<NodeCondition> Look(NodeKey key, CancellationToken cancellationToken)
    {
        try
        {
            return silo.Inbox.Find(silo.Machines.GrainOf(key).ToString()) is { } pump
                ? NodeCondition.Of(pump, silo.Time, cancellationToken)
                : Task.FromResult(new NodeCondition(true, "is held by the log store and does not run; the silo's log says why"));
        }
        catch (InvalidRequestException failure)
        {
            return Task.FromResult(new NodeCondition(true, failure.Message));
        }
    }
}
