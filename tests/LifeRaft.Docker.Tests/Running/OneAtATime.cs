namespace LifeRaft.Docker.Tests;

/// <summary>Tests that run silos: one after the other, for each takes what a machine of two cores has.</summary>
[CollectionDefinition(Name)]
public sealed class OneAtATime
{
    public const string Name = "containers";
}
