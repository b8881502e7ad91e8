namespace LifeRaft.Benchmarks;

/// <summary>What processes have in memory at a moment.</summary>
/// <param name="HeapBytes">.NET's heap after its last collection.</param>
/// <param name="WorkingSetBytes">All that is in memory.</param>
internal sealed record MemoryUse(long HeapBytes, long WorkingSetBytes)
{
    public static MemoryUse OfThisProcess() => new(GC.GetGCMemoryInfo().HeapSizeBytes, Environment.WorkingSet);

    public static MemoryUse operator +(MemoryUse left, MemoryUse right) => new(left.HeapBytes + right.HeapBytes, left.WorkingSetBytes + right.WorkingSetBytes);
}
