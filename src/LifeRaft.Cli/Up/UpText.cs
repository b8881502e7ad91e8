namespace LifeRaft.Cli;

/// <summary>What <c>up</c> says when it is ready: what runs where, and what to type next.</summary>
internal static class UpText
{
    private static readonly (string Command, string What)[] _next =
    [
        ("liferaft status", "what runs, and how it is"),
        ("liferaft kv put greeting hello --group kv/default", "write something"),
        ("liferaft leader step-down kv/default", "let another node lead"),
        ("liferaft watch --since 1min", "what happens, and why"),
        ("liferaft top", "look on"),
    ];

    public static void Write(CommandRun run, UpSettings settings, UpData data, UpCluster cluster, string? dashboard)
    {
        if (run.IsJson)
        {
            Json.WriteLine(run.Output, new
            {
                pid = Environment.ProcessId,
                clusterId = UpSettings.ClusterId,
                gateways = cluster.Silos.Select(silo => silo.Gateway.ToString()).ToList(),
                silos = cluster.Silos.Select(silo => new { silo.Name, gateway = silo.Gateway.ToString(), data = data.Of(silo.Name) }).ToList(),
                groups = UpCluster.GroupNames,
                dashboard,
                data = data.Path,
                isTemporary = data.IsTemporary,
            });
            return;
        }

        run.Output.WriteLine($"{Figures.Count(cluster.Silos.Count, "silo")} with {string.Join(" and ", UpCluster.GroupNames)} in this process, until Ctrl-C.");
        run.Output.WriteLine(data.IsTemporary ? $"The logs in {data.Path} are removed then; keep them with --data." : $"The logs in {data.Path} stay.");
        if (dashboard is not null)
        {
            run.Output.WriteLine($"The dashboard is at {dashboard}{(settings.DashboardActions ? " and may change things" : "")}.");
        }

        run.Output.WriteLine();
        new Listing<(string Name, Gateway Gateway)>()
            .Column("silo", silo => silo.Name)
            .Column("gateway", silo => silo.Gateway.ToString())
            .Write(run.Output, run.Format, cluster.Silos);
        run.Output.WriteLine();
        run.Output.WriteLine("Type in another terminal:");
        if (settings.FirstPort != Gateway.UsualPort)
        {
            run.Output.WriteLine($"  export {ClusterArguments.GatewaysVariable}={cluster.Silos[0].Gateway}");
        }

        foreach (var (command, what) in _next)
        {
            run.Output.WriteLine($"  {command,-51}{what}");
        }

        run.Output.Flush();
    }
}
