using LifeRaft.Hosting;

namespace LifeRaft.Cli;

/// <summary>One step: what it would do, and how it is done. Doing it returns what was done, as sentences.</summary>
internal sealed record DisasterStep(Func<StoredNode, string> Plan, Func<IRaftLogStore, StoredNode, CancellationToken, Task<string>> Do);

/// <summary>The steps that change something.</summary>
internal static class DisasterSteps
{
    public static DisasterStep FoundAnew { get; } = new(RecoveryPlans.FoundAnew, async (store, before, cancellationToken) =>
    {
        var after = await DisasterRecovery.FoundAnew(store, before.Node, cancellationToken);
        return $"""
            {before.Node} is the only voter of the new group {after.Identity.Group}, which holds everything up to entry {before.Last.Index} of term {before.Last.Term} of the old one ({before.Identity.Group}).
            Now forget the old group's other nodes on their disks (liferaft disaster forget), start the silos, and let those nodes join.
            """;
    });

    public static DisasterStep Forget { get; } = new(RecoveryPlans.Forget, async (store, before, cancellationToken) =>
    {
        await DisasterRecovery.Forget(store, before.Node, cancellationToken);
        return $"{before.Node} is forgotten. When its silo runs again, it can join a group.";
    });
}
