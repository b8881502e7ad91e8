namespace LifeRaft.Cli.Tests;

/// <summary>Tests that start the tool as processes: one after the other, and nothing beside them, for two cores are soon busy.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ToolProcesses
{
    public const string Name = "processes of the tool";
}
