using Spectre.Console;

namespace LifeRaft.Cli;

/// <summary>What a writer leads to. Colours, boxes and animation are for terminals; what is piped or written to a file is plain.</summary>
internal static class Terminal
{
    /// <summary>Whether a person looks at it.</summary>
    public static bool Is(TextWriter writer) =>
        (ReferenceEquals(writer, Console.Out) && !Console.IsOutputRedirected) || (ReferenceEquals(writer, Console.Error) && !Console.IsErrorRedirected);

    /// <summary>A console for that writer: with colours only if it is a terminal that has them, and NO_COLOR is not set.</summary>
    public static IAnsiConsole ConsoleOn(TextWriter writer)
    {
        var isTerminal = Is(writer);
        var hasColours = isTerminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
        return AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = isTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = hasColours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
    }
}
