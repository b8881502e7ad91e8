using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>What surrounds a run of the tool: whence answers come, and what the environment says.</summary>
internal sealed class ToolInvocation : InvocationConfiguration
{
    /// <summary>Where answers and values are read.</summary>
    public required Stream Input { get; init; }

    /// <summary>The standard output, for bytes that are no text.</summary>
    public required Func<Stream> OpenOutput { get; init; }

    /// <summary>Whether a person can be asked.</summary>
    public required bool IsInteractive { get; init; }

    /// <summary>The environment's variables.</summary>
    public required Func<string, string?> Variable { get; init; }
}
