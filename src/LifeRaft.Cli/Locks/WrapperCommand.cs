namespace LifeRaft.Cli;

/// <summary>
/// A command that runs another program. Signals are the program's business then: they are passed on, and the tool ends when the program
/// does, however long that takes.
/// </summary>
internal sealed class WrapperCommand(string name, string summary, string details) : DetailedCommand(name, summary, details);
