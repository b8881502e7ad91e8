namespace LifeRaft.Silo;

/// <summary>How the silo finds the others.</summary>
internal static class SiloClustering
{
    public static void Use(ISiloBuilder silo, SiloConfiguration configuration, SiloCertificate? certificate)
    {
        var settings = configuration.Clustering;
        switch (settings.Kind)
        {
            case ClusteringKind.Localhost:
                silo.UseDevelopmentClustering(HostAddress.ResolveEndPoint($"{configuration.Silo.Address}:{configuration.Silo.Port}"));
                break;
            case ClusteringKind.LifeRaft:
                silo.UseLifeRaftClustering(options => Copy(settings.LifeRaft, options, certificate));
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

    private static void Copy(LifeRaftClusteringOptions from, LifeRaftClusteringOptions to, SiloCertificate? certificate)
    {
        SettingProperties.Copy(from, to);
        if (certificate is not null)
        {
            to.AuthenticateAsClient = _ => SiloTls.ToSilo(certificate);
            to.AuthenticateAsServer = () => SiloTls.FromAnyone(certificate);
            to.IsSiloCertificate = shown => SiloTls.IsSilo(certificate, shown);
        }
    }
}
