namespace LifeRaft.Benchmarks;

/// <summary>What clients saw.</summary>
/// <param name="Count">Requests that were answered.</param>
/// <param name="PerSecond">The same, in a second.</param>
/// <param name="P50Us">Half of them took no longer, in microseconds.</param>
/// <param name="P99Us">99 of 100 took no longer.</param>
/// <param name="P999Us">999 of 1000 took no longer.</param>
[GenerateSerializer]
internal sealed record LoadFigures(long Count, double PerSecond, double P50Us, double P99Us, double P999Us);
