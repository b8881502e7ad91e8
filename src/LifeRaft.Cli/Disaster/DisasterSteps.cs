using LifeRaft.Hosting;

namespace LifeRaft.Cli;

/// <summary>One step: says what it does or would do, and returns the exit code.</summary>
internal delegate Task<int> DisasterStep(IRaftLogStore store, string node, bool isAccepted, TextWriter output, CancellationToken cancellationToken);

/// <summary>The steps that change something. Without acceptance they explain themselves and change nothing.</summary>
internal static class DisasterSteps
{
    public static async Task<int> FoundAnew(IRaftLogStore store, string node, bool isAccepted, TextWriter output, CancellationToken cancellationToken)
    {
        var before = await DisasterRecovery.Look(store, node, cancellationToken);
        if (!isAccepted)
        {
            await output.WriteLineAsync(
                $"""
                 {node} would become the only voter of a NEW group that holds everything up to entry {before.Last}.
                 Of the old group ({before.Identity.Group}) it knows the members {Members(before)}.

                   Writes that were acknowledged and lie only on other members' disks would be LOST.
                   Writes that were never acknowledged and lie in this log would come into force.

                 Before you do it: can the silos of a majority be started again? Then start them, and nothing is lost. Else look at every disk
                 that is left, and take the node with the highest last term, and among those the highest last index. Copy the directory first.

                 Nothing was changed. Repeat the command with --accept-data-loss to do it.
                 """);
            return ExitCodes.Misused;
        }

        var after = await DisasterRecovery.FoundAnew(store, node, cancellationToken);
        await output.WriteLineAsync(
            $"""
             {node} is the only voter of the new group {after.Identity.Group}, which holds everything up to entry {before.Last} of the old one ({before.Identity.Group}).
             Now forget the old group's other nodes on their disks (liferaft disaster forget), start the silos, and let those nodes join.
             """);
        return 0;
    }

    public static async Task<int> Forget(IRaftLogStore store, string node, bool isAccepted, TextWriter output, CancellationToken cancellationToken)
    {
        var before = await DisasterRecovery.Look(store, node, cancellationToken);
        if (!isAccepted)
        {
            await output.WriteLineAsync(
                $"""
                 {node} (group {before.Identity.Group}) would be deleted from this disk with everything up to entry {before.Last}.
                 Nothing was changed. Repeat the command with --accept-data-loss to do it.
                 """);
            return ExitCodes.Misused;
        }

        await DisasterRecovery.Forget(store, node, cancellationToken);
        await output.WriteLineAsync($"{node} is forgotten. When its silo runs again, it can join a group.");
        return 0;
    }

    private static string Members(StoredNode node) => string.Join(", ", node.Configuration.Everyone.Select(member => member.Address));
}
