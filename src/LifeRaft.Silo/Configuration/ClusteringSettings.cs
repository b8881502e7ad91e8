namespace LifeRaft.Silo;

/// <summary>How the silos of a cluster find each other.</summary>
public sealed class ClusteringSettings
{
    /// <summary>Where the table of the cluster's silos is kept.</summary>
    /// <value>
    /// Localhost by default: this one silo. For several, LifeRaft needs nothing beside the silos; Redis and AdoNet need a service that
    /// is up whenever silos come and go; Static is for development.
    /// </value>
    public ClusteringKind Kind { get; set; } = ClusteringKind.Localhost;

    /// <summary>For the kind LifeRaft.</summary>
    public LifeRaftClusteringOptions LifeRaft { get; } = new();

    /// <summary>For the kind Static.</summary>
    public StaticClusteringSettings Static { get; } = new();

    /// <summary>For the kind Redis.</summary>
    public RedisClusteringSettings Redis { get; } = new();

    /// <summary>For the kind AdoNet.</summary>
    public AdoNetClusteringSettings AdoNet { get; } = new();

    internal IEnumerable<SettingProblem> Problems() => Kind switch
    {
        ClusteringKind.LifeRaft => SettingRules.OfClustering(LifeRaft),
        ClusteringKind.Static => Static.Problems(),
        ClusteringKind.Redis => Redis.Problems(),
        ClusteringKind.AdoNet => AdoNet.Problems(),
        _ => [],
    };
}
