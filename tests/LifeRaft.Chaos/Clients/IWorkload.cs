namespace LifeRaft.Chaos;

/// <summary>What clients do while faults happen. Disposing of it lets them come to an end.</summary>
internal interface IWorkload : IAsyncDisposable
{
    /// <summary>What counts as progress, for people.</summary>
    string Progress { get; }

    /// <summary>Once so much has been done that there is something to lose.</summary>
    Task UnderWay(CancellationToken cancellationToken);

    /// <summary>
    /// From that timestamp until the first thing was done that began after it; null when nothing was.
    /// </summary>
    Task<TimeSpan?> Measure(long from, string what, TimeSpan patience);

    /// <summary>Something was seen that must not be.</summary>
    void Surprise(string what);
}
