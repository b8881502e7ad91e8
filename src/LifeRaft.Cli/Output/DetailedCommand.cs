using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>A command that needs more words than fit into the list of commands: its own help has them.</summary>
/// <param name="name">Its name.</param>
/// <param name="summary">What it is for, in a sentence.</param>
/// <param name="details">What else there is to know before it is used.</param>
internal class DetailedCommand(string name, string summary, string details) : Command(name, summary)
{
    /// <summary>All there is to say.</summary>
    public string Whole { get; } = $"{summary} {details}";
}
