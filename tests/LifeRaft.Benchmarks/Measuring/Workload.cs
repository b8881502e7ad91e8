namespace LifeRaft.Benchmarks;

/// <summary>What is asked of a system, again and again.</summary>
/// <param name="Name">Its name in the output, such as <c>write</c>.</param>
/// <param name="ValueBytes">How long the values are.</param>
/// <param name="Run">Lets so many clients ask for so long.</param>
internal sealed record Workload(string Name, int ValueBytes, Func<int, TimeSpan, Task<LoadFigures>> Run)
{
    /// <summary>A workload whose clients are in this process.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="valueBytes">How long the values are.</param>
    /// <param name="request">One request of a client, numbered from 0; it ends when the answer is there, and throws where there is none.</param>
    public static Workload OfRequests(string name, int valueBytes, Func<int, Task> request) =>
        new(name, valueBytes, (clients, duration) => ClosedLoop.Run(request, clients, duration));
}
