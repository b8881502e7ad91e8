using System.Globalization;
using System.Text;

namespace LifeRaft.Cli.Tests;

/// <summary>One run of the tool in this process: what it was told, what it said, and how it ended.</summary>
internal sealed record ToolRun(int Exit, string Output, string Error)
{
    public static Task<ToolRun> Of(params string[] arguments) => With(new ToolSurroundings(), arguments);

    public static async Task<ToolRun> With(ToolSurroundings surroundings, params string[] arguments)
    {
        using var output = new StringWriter(CultureInfo.InvariantCulture);
        using var error = new StringWriter(CultureInfo.InvariantCulture);
        using var input = new MemoryStream(surroundings.Input);
        var invocation = new ToolInvocation
        {
            Output = surroundings.Output ?? output,
            Error = error,
            Input = input,
            OpenOutput = () => surroundings.OutputBytes,
            IsInteractive = surroundings.IsInteractive,
            Variable = name => surroundings.Variables.GetValueOrDefault(name),
        };
        var exit = await Tool.Run(arguments, invocation, surroundings.CancellationToken ?? TestContext.Current.CancellationToken);
        return new ToolRun(exit, output.ToString(), error.ToString());
    }

    /// <summary>What a failing assertion is to show.</summary>
    public override string ToString() => $"exit {Exit}{Environment.NewLine}{Output}{Environment.NewLine}{Error}";
}

/// <summary>What surrounds a run. Nothing of the environment of the tests is seen by the tool.</summary>
internal sealed record ToolSurroundings
{
    public byte[] Input { get; init; } = [];

    public bool IsInteractive { get; init; }

    public TextWriter? Output { get; init; }

    /// <summary>What was written as bytes and not as text.</summary>
    public MemoryStream OutputBytes { get; } = new();

    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    public CancellationToken? CancellationToken { get; init; }

    public static ToolSurroundings Typing(string text) => new() { Input = Encoding.UTF8.GetBytes(text), IsInteractive = true };

    public static ToolSurroundings Piping(byte[] bytes) => new() { Input = bytes };
}
