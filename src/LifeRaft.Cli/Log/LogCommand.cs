using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>log</c>: the log of a group as one of its nodes holds it.</summary>
internal static class LogCommand
{
    /// <summary>The group.</summary>
    public static readonly Option<string> Group = GroupOption.Create("kv/orders");

    public static Command Create()
    {
        var command = new Command("log", "Shows the log of a group as one of its nodes holds it. For a silo that does not run, see wal.") { Group, LogShow.Create(), LogTail.Create() };
        ClusterArguments.AddTo(command);
        return command;
    }
}
