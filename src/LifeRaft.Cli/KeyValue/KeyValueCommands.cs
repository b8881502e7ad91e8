using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>kv</c>: the data of a group that replicates a <see cref="KeyValueMachine"/>.</summary>
internal static class KeyValueCommands
{
    /// <summary>The group.</summary>
    public static readonly Option<string> Group = GroupOption.WithDefault("kv/default");

    public static Command Create()
    {
        var command = new Command("kv", "Reads, writes and watches the data of a key-value group.")
        {
            Group,
            KeyValueGet.Create(),
            KeyValuePut.Create(),
            KeyValueDelete.Create(),
            KeyValueList.Create(),
            KeyValueWatch.Create(),
            KeyValueTransact.Create(),
        };
        ClusterArguments.AddTo(command);
        return command;
    }
}
