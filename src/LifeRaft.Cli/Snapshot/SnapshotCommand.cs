using System.CommandLine;

namespace LifeRaft.Cli;

/// <summary>The command <c>snapshot</c>.</summary>
internal static class SnapshotCommand
{
    public static Command Create() => new("snapshot", "Takes, saves, looks at and restores snapshots of a group's state.")
    {
        SnapshotTake.Create(), SnapshotSave.Create(), SnapshotInspect.Create(), SnapshotRestore.Create(),
    };
}
