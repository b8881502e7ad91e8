namespace LifeRaft.Cli;

/// <summary>What the exit codes of the tool mean, for every command. They are documented by <c>--help</c> and do not change.</summary>
internal static class ExitCodes
{
    /// <summary>It is done.</summary>
    public const int Done = 0;

    /// <summary>Something that was asked for did not hold, was refused, or failed. Nothing else was changed than what was said.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; nothing was done.</summary>
    public const int Misused = 2;

    /// <summary>No silo can be reached; nothing was done.</summary>
    public const int Unreachable = 3;

    /// <summary>The group has no leader, or had none in time; nothing was done.</summary>
    public const int NoLeader = 4;

    /// <summary>It is not known whether it was done.</summary>
    public const int OutcomeUnknown = 5;

    /// <summary>Ctrl-C, as shells count it.</summary>
    public const int Interrupted = 130;

    /// <summary>All of them, for the help.</summary>
    public static IReadOnlyList<(int Code, string Meaning)> All { get; } =
    [
        (Done, "done"),
        (Failed, "it did not hold, was refused, or failed"),
        (Misused, "the command line is wrong; nothing was done"),
        (Unreachable, "no silo can be reached; nothing was done"),
        (NoLeader, "the group has no leader, or had none in time; nothing was done"),
        (OutcomeUnknown, "it is not known whether it was done: look before you repeat it"),
        (Interrupted, "interrupted"),
    ];
}
