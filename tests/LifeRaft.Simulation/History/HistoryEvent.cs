namespace LifeRaft.Simulation;

/// <summary>What an operation does to a register.</summary>
internal enum OperationKind
{
    Read,
    Write,
    CompareAndSwap,
}

/// <summary>What a line of a history says about an operation.</summary>
internal enum EventKind
{
    /// <summary>It begins.</summary>
    Invoke,

    /// <summary>It ended and had its effect.</summary>
    Ok,

    /// <summary>It ended and had no effect, and will have none.</summary>
    Fail,

    /// <summary>Nobody knows whether it had, or will have, its effect.</summary>
    Info,
}

/// <summary>One line of a history. Values are canonical JSON; null is a register that does not exist.</summary>
/// <param name="Line">Where it stands in its history, from 1 on.</param>
/// <param name="Process">Who does it; a process does one thing at a time.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Operation">To which kind of operation.</param>
/// <param name="Key">The register.</param>
/// <param name="Value">What is written, or what a completed read returned.</param>
/// <param name="Expected">What a compare-and-swap expects.</param>
internal readonly record struct HistoryEvent(
    int Line, long Process, EventKind Kind, OperationKind Operation, string Key, string? Value, string? Expected);
