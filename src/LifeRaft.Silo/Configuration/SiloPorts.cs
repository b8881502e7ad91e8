namespace LifeRaft.Silo;

/// <summary>All ports that one silo listens on. No two may be the same: the second one would find its own silo at the port.</summary>
internal static class SiloPorts
{
    public static IEnumerable<SettingProblem> Problems(SiloConfiguration configuration)
    {
        var seen = new Dictionary<int, string>();
        foreach (var (path, port) in Of(configuration))
        {
            if (!seen.TryAdd(port, path))
            {
                yield return new SettingProblem(path, $"is {port}, as {seen[port]} is. Give each a port of its own.");
            }
        }
    }

    private static IEnumerable<(string Path, int Port)> Of(SiloConfiguration configuration)
    {
        var silo = configuration.Silo;
        yield return ("Silo:Port", silo.Port);
        yield return ("Silo:GatewayPort", silo.GatewayPort);
        if (!configuration.Http.Problems().Any())
        {
            yield return ("Http:Url", configuration.Http.Address.Port);
        }

        var clustering = configuration.Clustering;
        if (clustering.Kind == ClusteringKind.LifeRaft && clustering.LifeRaft.Voters.TryGetValue(silo.Name, out var voter) && VoterEndPoint.TryParse(voter, out var endPoint))
        {
            yield return ($"Clustering:LifeRaft:Voters:{silo.Name}", endPoint.Port);
        }
    }
}
