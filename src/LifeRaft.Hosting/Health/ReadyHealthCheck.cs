using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LifeRaft.Hosting;

/// <summary>
/// Whether this silo's nodes can serve their groups, by what they know themselves. After a start it waits for all of them once. Then, one group
/// that is ill, as all its silos see it, must not take the others' silos away from their clients: the silo is unready only when none of its
/// nodes can serve.
/// </summary>
internal sealed class ReadyHealthCheck(SiloRaft silo, FirstService first) : IHealthCheck
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
        var problems = conditions.Where(node => node.Condition.Problem is not null).OrderByDescending(node => node.Condition.IsUnfit).ThenBy(node => node.Key.ToString(), StringComparer.Ordinal).ToList();
        var data = problems.Take(Named).ToDictionary(problem => problem.Key.ToString(), object (problem) => problem.Condition.Problem!);
        return first.WaitsFor(conditions) is { } waitsFor
            ? HealthCheckResult.Unhealthy(waitsFor, null, data)
            : Judge(problems, conditions.Length, conditions.Any(node => node.Condition is { IsUnfit: false, IsIdle: false }), data);
    }

    private static HealthCheckResult Judge(List<(NodeKey Key, NodeCondition Condition)> problems, int nodes, bool anyServes, Dictionary<string, object> data)
    {
        if (problems.Count == 0)
        {
            return HealthCheckResult.Healthy($"{nodes} nodes know their leaders.");
        }

        var unfit = problems.Count(problem => problem.Condition.IsUnfit);
        var worst = $"{problems[0].Key} {problems[0].Condition.Problem}";
        return unfit > 0 && !anyServes ? HealthCheckResult.Unhealthy($"{unfit} of {nodes} nodes cannot serve. {worst}.", null, data)
            : unfit > 0 ? HealthCheckResult.Degraded($"{unfit} of {nodes} nodes cannot serve. {worst}.", null, data)
            : HealthCheckResult.Degraded($"{problems.Count} of {nodes} nodes are behind. {worst}.", null, data);
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
