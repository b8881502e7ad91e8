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
            await output.WriteLineAsync($"{RecoveryPlans.FoundAnew(before)}{Environment.NewLine}Nothing was changed. Repeat the command with --accept-data-loss to do it.");
            return ExitCodes.Misused;
        }

        var after = await DisasterRecovery.FoundAnew(store, node, cancellationToken);
        await output.WriteLineAsync(
            $"""
             {node} is the only voter of the new group {after.Identity.Group}, which holds everything up to entry {before.Last.Index} of term {before.Last.Term} of the old one ({before.Identity.Group}).
             Now forget the old group's other nodes on their disks (liferaft disaster forget), start the silos, and let those nodes join.
             """);
        return 0;
    }

    public static async Task<int> Forget(IRaftLogStore store, string node, bool isAccepted, TextWriter output, CancellationToken cancellationToken)
    {
        var before = await DisasterRecovery.Look(store, node, cancellationToken);
        if (!isAccepted)
        {
            await output.WriteLineAsync($"{RecoveryPlans.Forget(before)}{Environment.NewLine}Nothing was changed. Repeat the command with --accept-data-loss to do it.");
            return ExitCodes.Misused;
        }

        await DisasterRecovery.Forget(store, node, cancellationToken);
        await output.WriteLineAsync($"{node} is forgotten. When its silo runs again, it can join a group.");
        return 0;
    }
}
