namespace LifeRaft.Benchmarks;

/// <summary>What the processes of a system have used since they began.</summary>
/// <param name="Cpu">Processor time.</param>
/// <param name="AllocatedBytes">What .NET allocated; null where it is not .NET.</param>
internal sealed record Usage(TimeSpan Cpu, long? AllocatedBytes)
{
    /// <summary>Of this process.</summary>
    public static Usage OfThisProcess() => new(Environment.CpuUsage.TotalTime, GC.GetTotalAllocatedBytes(precise: false));

    public static Usage operator +(Usage left, Usage right) => new(left.Cpu + right.Cpu, left.AllocatedBytes + right.AllocatedBytes);

    public static Usage operator -(Usage left, Usage right) => new(left.Cpu - right.Cpu, left.AllocatedBytes - right.AllocatedBytes);
}
