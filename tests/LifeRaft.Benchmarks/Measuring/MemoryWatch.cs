namespace LifeRaft.Benchmarks;

/// <summary>Looks at the memory of processes again and again while they are under load, to tell what grows from what goes up and down.</summary>
internal static class MemoryWatch
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    /// <summary>Watches until the load is over.</summary>
    public static async Task<IReadOnlyList<MemoryUse>> During(Task load, Func<Task<MemoryUse>> look)
    {
        var seen = new List<MemoryUse> { await look() };
        while (await Task.WhenAny(load, Task.Delay(_pause)) != load)
        {
            seen.Add(await look());
        }

        seen.Add(await look());
        return seen;
    }

    /// <summary>How many times the most of the first half the most of the second half is: 1 where nothing grows.</summary>
    public static double Growth(IReadOnlyList<MemoryUse> seen, Func<MemoryUse, long> measure)
    {
        var half = (seen.Count + 1) / 2;
        return (double)seen.Skip(seen.Count - half).Max(measure) / seen.Take(half).Max(measure);
    }
}
