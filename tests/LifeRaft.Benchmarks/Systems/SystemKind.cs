namespace LifeRaft.Benchmarks;

/// <summary>A system that can be measured.</summary>
/// <param name="Name">Its name on the command line and in the output.</param>
/// <param name="Note">What to know of its figures.</param>
/// <param name="Start">Starts it.</param>
internal sealed record SystemKind(string Name, string Note, Func<Task<ISystem>> Start)
{
    /// <summary>Why it cannot be measured here; null where it can.</summary>
    public Func<string?> Missing { get; init; } = () => null;

    /// <summary>Whether it takes more than one request at a time.</summary>
    public bool IsConcurrent { get; init; } = true;
}
