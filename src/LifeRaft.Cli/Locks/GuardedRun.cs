namespace LifeRaft.Cli;

/// <summary>Runs a program for as long as something is held, and not longer.</summary>
internal static class GuardedRun
{
    /// <summary>What was to be held was not to be had in time. Programs that are run have this code too rarely to mistake it.</summary>
    public const int NotAcquired = 75;

    /// <summary>What was held was lost, and the program ended for it.</summary>
    public const int Lost = 76;

    /// <summary>What becomes of signals, for the help.</summary>
    public const string Signals = "Signals are passed on to it, except those that were ignored when this tool began, as nohup does: they stay ignored. ";

    /// <summary>What the exit codes are, for the help.</summary>
    public const string Codes = "The exit code is that of the program; 75 if the lock was not to be had in time, 76 if it was lost and the program ended for it, 127 if there is no such program. Others are as below, and mean that the program did not run.";

    /// <summary>Runs the program until it ends, or what is held is lost.</summary>
    /// <param name="command">The program.</param>
    /// <param name="variables">What its environment has besides the tool's.</param>
    /// <param name="grace">How long the program has to end after a loss.</param>
    /// <param name="lost">Says that what is held is lost.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The program's exit code; null if it was ended because of the loss.</returns>
    /// <exception cref="ProgramNotFoundException">There is no such program.</exception>
    public static async Task<int?> While(
        IReadOnlyList<string> command, (string Name, string Value)[] variables, TimeSpan grace, CancellationToken lost, CancellationToken cancellationToken)
    {
        using var child = ChildProcess.Start(command, variables);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lost, cancellationToken);
        try
        {
            return await child.Exited(end.Token);
        }
        catch (OperationCanceledException)
        {
            await child.End(grace);
            cancellationToken.ThrowIfCancellationRequested();
            return null;
        }
    }

    /// <summary>
    /// How long a program has after a loss: a tenth of the time to live, which is the time that passes between the moment at which a holder
    /// takes it for lost and that at which another can have it.
    /// </summary>
    public static TimeSpan UsualGrace(TimeSpan timeToLive) => timeToLive / 10;
}
