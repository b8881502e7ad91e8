namespace LifeRaft.Benchmarks;

/// <summary>What is measured: started when there is one, gone when it is disposed.</summary>
internal interface ISystem : IAsyncDisposable
{
    /// <summary>Its name in the output.</summary>
    string Name { get; }

    /// <summary>What can be asked of it.</summary>
    IReadOnlyList<Workload> Workloads { get; }

    /// <summary>What all of its processes, and this one as the client's, have used until now.</summary>
    Task<Usage> Used();
}
