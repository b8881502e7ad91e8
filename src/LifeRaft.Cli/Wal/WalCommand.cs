using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>wal</c>: what a silo's disk holds.</summary>
internal static class WalCommand
{
    /// <summary>Whose disk.</summary>
    public static readonly Option<string> Data = DataOption.Create();

    public static Command Create() => new(
        "wal", "Looks at the log directory of a silo that is not running. It changes nothing there, and refuses a directory that is in use.")
    {
        Data, WalInspect.Create(), WalVerify.Create(),
    };
}
