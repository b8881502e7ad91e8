namespace LifeRaft.Reminders;

/// <summary>Where reminders are kept.</summary>
public sealed class LifeRaftRemindersOptions
{
    /// <summary>The name of the group, which is <c>reminders/{name}</c>.</summary>
    /// <value>1 to 64 letters, digits, dots, underscores or hyphens; <c>default</c> by default. With another name the table begins empty.</value>
    public string Group { get; set; } = "default";

    /// <summary>Members of the group, each on a silo of its own.</summary>
    /// <value>1, 3, 5, 7 or 9; 3 by default. Reminders survive the loss of the smaller half. It counts when the group is founded.</value>
    public int Members { get; set; } = 3;

    /// <summary>How long one request of the table may take, and a second time so long for finding out what became of a write.</summary>
    /// <value>1 ms to 1 day; that of <see cref="Hosting.RaftOptions.CommandTimeout"/> by default.</value>
    public TimeSpan? Timeout { get; set; }

    internal GroupName GroupName => GroupName.Parse($"{ReminderTable.Machine}/{Group}");
}
