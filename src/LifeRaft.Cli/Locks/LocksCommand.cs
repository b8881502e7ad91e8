using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>lock</c>: what a group that replicates a <see cref="LockMachine"/> keeps.</summary>
internal static class LocksCommand
{
    /// <summary>The group.</summary>
    public static readonly Option<string> Group = GroupOption.WithDefault(HoldOptions.UsualGroup);

    public static Command Create()
    {
        var command = new Command("lock", "Runs a program while a lock is held, and lists locks.") { Group, LockRun.Create(), LockList.Create() };
        ClusterArguments.AddTo(command);
        return command;
    }
}
