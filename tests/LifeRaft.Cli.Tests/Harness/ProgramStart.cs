using System.Diagnostics;

namespace LifeRaft.Cli.Tests;

/// <summary>
/// How programs are started, with pipes for what they read and write. They have the signals of what a person starts in a shell, and not those
/// of the tests: whoever runs those in the background of a script has them ignore SIGINT, and all that they start with them.
/// </summary>
internal static class ProgramStart
{
    /// <summary>With no signal ignored.</summary>
    public static ProcessStartInfo Of(string program, IEnumerable<string> arguments) => By(["--default-signal=HUP,INT,QUIT,TERM"], program, arguments);

    /// <summary>With these ignored, for instance <c>INT,HUP</c>.</summary>
    public static ProcessStartInfo Ignoring(string signals, string program, IEnumerable<string> arguments) => By([$"--ignore-signal={signals}"], program, arguments);

    /// <summary>The env of coreutils sets the signals and becomes the program: the id of the process is that of the program.</summary>
    private static ProcessStartInfo By(IEnumerable<string> signals, string program, IEnumerable<string> arguments) =>
        new("env", [.. signals, program, .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
}
