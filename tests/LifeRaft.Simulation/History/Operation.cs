namespace LifeRaft.Simulation;

/// <summary>An operation that had its effect at one moment between two lines of its history, or perhaps had it.</summary>
/// <param name="Process">Who did it.</param>
/// <param name="Kind">What it does.</param>
/// <param name="Key">The register.</param>
/// <param name="Value">What it wrote or read.</param>
/// <param name="Expected">What a compare-and-swap expected.</param>
/// <param name="Invoked">The line at which it began.</param>
/// <param name="Completed">The line at which it was known to be done; <see cref="Never"/> when nobody knows whether it was.</param>
internal sealed record Operation(
    long Process, OperationKind Kind, string Key, string? Value, string? Expected, int Invoked, int Completed)
{
    public const int Never = int.MaxValue;

    public bool IsCertain => Completed != Never;

    public override string ToString()
    {
        var what = Kind switch
        {
            OperationKind.Read => $"read {Key} -> {Value ?? "null"}",
            OperationKind.Write => $"write {Key} = {Value ?? "null"}",
            _ => $"cas {Key}: {Expected ?? "null"} -> {Value ?? "null"}",
        };
        return $"lines {Invoked} to {(IsCertain ? Completed : "unknown")}: process {Process} {what}";
    }
}
