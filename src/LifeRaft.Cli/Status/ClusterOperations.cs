namespace LifeRaft.Cli;

/// <summary>What operators do, with the time that the command line allows.</summary>
internal static class ClusterOperations
{
    /// <summary>A silo that says nothing does not hold up the others; a <c>--timeout</c> that is shorter than its patience cuts that, too.</summary>
    public static RaftCluster Operations(this ClusterConnection connection)
    {
        var cluster = connection.Client.GetRaftCluster();
        cluster.Timeout = connection.Settings.Timeout;
        cluster.Patience = connection.Settings.Timeout < cluster.Patience ? connection.Settings.Timeout : cluster.Patience;
        return cluster;
    }
}
