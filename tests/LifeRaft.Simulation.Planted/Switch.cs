namespace LifeRaft.Simulation.Planted;

/// <summary>The switch of the bugs that are woven into the copy of the production code.</summary>
internal static class Switch
{
    /// <summary>The bug that is planted now, by its name in planted-bugs.md; null for none.</summary>
    public static string? Bug { get; set; }

    /// <summary>Whether the code's own invariants are off, as they are with any bug: a judge has to see it.</summary>
    public static bool IsAny => Bug is not null;

    public static bool Is(string bug) => Bug == bug;
}
