namespace LifeRaft.Silo;

/// <summary>How the silo finds the others.</summary>
internal static class SiloClustering
{
    public static void Use(ISiloBuilder silo, SiloConfiguration configuration)
    {
        var settings = configuration.Clustering;
        switch (settings.Kind)
        {
            case ClusteringKind.Localhost:
                silo.UseDevelopmentClustering(HostAddress.ResolveEndPoint($"{configuration.Silo.Address}:{configuration.Silo.Port}"));
                break;
            case ClusteringKind.Static:
                silo.UseDevelopmentClustering(HostAddress.ResolveEndPoint(settings.Static.Primary));
                break;
            case ClusteringKind.Redis:
                silo.UseRedisClustering(settings.Redis.ConnectionString);
                break;
            case ClusteringKind.AdoNet:
                silo.UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (settings.AdoNet.Invariant, settings.AdoNet.ConnectionString));
                silo.Services.AddHostedService(_ => new MembershipTables(settings.AdoNet));
                break;
            default:
                throw new InvalidOperationException($"Clustering:Kind is '{settings.Kind}', which nothing implements.");
        }
    }
}
