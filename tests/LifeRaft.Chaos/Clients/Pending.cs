using LifeRaft.Simulation;

namespace LifeRaft.Chaos;

/// <summary>An operation that a client has begun.</summary>
/// <param name="Process">Who does it, as the history calls it.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Key">The register.</param>
/// <param name="Value">What it writes.</param>
/// <param name="Expected">What a compare-and-swap expects.</param>
/// <param name="Begun">When it began, as a timestamp of the monotonic clock.</param>
internal sealed record Pending(int Process, OperationKind Kind, string Key, string? Value, string? Expected, long Begun);
