using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>Tells a group that holds something else than keys and values from one that fails.</summary>
internal static class KeyValueAnswers
{
    /// <summary>Sets what a command on keys and values does, as <see cref="CommandRunExtensions.Runs"/>.</summary>
    public static void RunsOnData(this Command command, Func<CommandRun, Task<int>> action) => command.Runs(async run =>
    {
        try
        {
            return await action(run);
        }
        catch (Exception failure) when (failure is CommandFailedException or FormatException)
        {
            // The client sends nothing that a machine of keys and values cannot read.
            throw new InvalidRequestException(
                $"{run.Get(KeyValueCommands.Group)} does not answer as a key-value group does ({failure.Message.TrimEnd('.')}). Name a key-value group with --group; 'liferaft status' lists the groups.");
        }
    });
}
