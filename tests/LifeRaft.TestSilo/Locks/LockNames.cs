namespace LifeRaft.TestSilo;

/// <summary>The locks that clients contend for in a run.</summary>
public static class LockNames
{
    /// <summary>The group that keeps them.</summary>
    public const string Group = "locks/processes";

    /// <summary>One election for all.</summary>
    public const string Election = "election/1";

    /// <summary>The election of those who work, see <see cref="SiloLocks.Worked"/>.</summary>
    public const string Work = "work";

    private const int Contended = 3;
    private const string Inherited = "life/";

    /// <summary>Short, so that many end in a run. Its tenth, by which a holder stops first, is what a busy machine takes now and then.</summary>
    public static TimeSpan TimeToLive { get; } = TimeSpan.FromSeconds(2);

    /// <summary>One of the few that all clients want.</summary>
    public static string Any(Random random) => $"lock/{random.Next(1, Contended + 1)}";

    /// <summary>What a process holds while it lives. One heir waits for it, who suffers no fault, and nobody else.</summary>
    public static string LifeOf(string process) => $"{Inherited}{process}";

    /// <summary>Whether an heir waits for it.</summary>
    public static bool IsInherited(string name) => name.StartsWith(Inherited, StringComparison.Ordinal);
}
