namespace LifeRaft.Benchmarks;

/// <summary>What is asked of a system, again and again.</summary>
/// <param name="Name">Its name in the output, one of <see cref="Names"/>.</param>
/// <param name="ValueBytes">How long the values are.</param>
/// <param name="Run">Lets so many clients ask for so long.</param>
internal sealed record Workload(string Name, int ValueBytes, Func<int, TimeSpan, Task<LoadFigures>> Run)
{
    public const string Sync = "sync";

    public const string Write = "write";

    /// <summary>Linearizable, by asking a majority.</summary>
    public const string Read = "read";

    /// <summary>Linearizable if clocks drift no more than is assumed.</summary>
    public const string LeaseRead = "read by lease";

    /// <summary>Nine linearizable reads to each write, at random.</summary>
    public const string Mixed = "mixed 90/10";

    /// <summary>Calls of a grain that does nothing.</summary>
    public const string ClientCalls = "client calls grain";

    /// <summary>Such calls by a grain on another silo.</summary>
    public const string GrainCalls = "grain calls grain";

    public static IReadOnlyList<string> Names { get; } = [Sync, Write, Read, LeaseRead, Mixed, ClientCalls, GrainCalls];

    /// <summary>A workload whose clients are in this process.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="valueBytes">How long the values are.</param>
    /// <param name="request">One request of a client, numbered from 0; it ends when the answer is there, and throws where there is none.</param>
    public static Workload OfRequests(string name, int valueBytes, Func<int, Task> request) =>
        new(name, valueBytes, (clients, duration) => ClosedLoop.Run(request, clients, duration));

    /// <summary>Nine reads to each write.</summary>
    public static Workload OfMixed(int valueBytes, Func<int, Task> read, Func<int, Task> write) =>
        OfRequests(Mixed, valueBytes, client => Random.Shared.Next(10) == 0 ? write(client) : read(client));
}
