namespace LifeRaft.Cli.Tests;

/// <summary>A cluster of one silo for all tests of a class.</summary>
public sealed class OneSilo : IAsyncLifetime
{
    internal CliCluster Cluster { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cluster = await CliCluster.Start(1);

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
