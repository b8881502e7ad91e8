namespace LifeRaft.Cli;

/// <summary>What is measured.</summary>
/// <param name="Clients">How many requests are under way at once.</param>
/// <param name="Duration">How long it is measured.</param>
/// <param name="WarmUp">How long the same is done before, unmeasured.</param>
/// <param name="ValueBytes">How long the values are.</param>
/// <param name="Keys">How many keys are written and read.</param>
/// <param name="ReadPercent">How many of a hundred requests are reads.</param>
internal sealed record BenchSettings(int Clients, TimeSpan Duration, TimeSpan WarmUp, int ValueBytes, int Keys, int ReadPercent);
