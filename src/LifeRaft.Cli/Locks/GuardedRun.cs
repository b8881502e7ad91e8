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

    /// <summary>What the exit code is, for the help.</summary>
    public const string Code = "The exit code is that of the program once it runs; what else it may be is below.";

    /// <summary>The exit codes besides the program's and those of all commands, for the help.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> Codes { get; } =
    [
        (NotAcquired, "it was not to be had in time; the program did not run"),
        (Lost, "it was lost, and the program was ended for it"),
        (ChildProcess.NotFound, "there is no such program"),
    ];

    /// <summary>Runs the program until it ends, or what is held is lost.</summary>
    /// <param name="command">The program.</param>
    /// <param name="variables">What its environment has besides the tool's.</param>
    /// <param name="grace">How long the program has to end after a loss.</param>
    /// <param name="lost">Says that what is held is lost.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>How it ended.</returns>
    /// <exception cref="ProgramNotFoundException">There is no such program.</exception>
    public static async Task<GuardedEnd> While(
        IReadOnlyList<string> command, (string Name, string Value)[] variables, TimeSpan grace, CancellationToken lost, CancellationToken cancellationToken)
    {
        using var child = ChildProcess.Start(command, variables);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(lost, cancellationToken);
        try
        {
            return new GuardedEnd(await child.Exited(end.Token), child.IsToldToEnd);
        }
        catch (OperationCanceledException)
        {
            await child.End(grace);
            cancellationToken.ThrowIfCancellationRequested();
            return new GuardedEnd(null, child.IsToldToEnd);
        }
    }

    /// <summary>
    /// How long a program has after a loss: a tenth of the time to live, which is the time that passes between the moment at which a holder
    /// takes it for lost and that at which another can have it.
    /// </summary>
    public static TimeSpan UsualGrace(TimeSpan timeToLive) => timeToLive / 10;
}

/// <summary>How a program ended.</summary>
/// <param name="Code">Its exit code; null if it was ended because what was held was lost.</param>
/// <param name="WasToldToEnd">Whether a signal had asked it to end, and so asks this tool.</param>
internal readonly record struct GuardedEnd(int? Code, bool WasToldToEnd);
