namespace LifeRaft.Protocol.Tests.Harness;

/// <summary>Counts the bytes that a piece of work allocates on this thread.</summary>
internal static class Allocation
{
    private const int Rounds = 32;

    /// <summary>
    /// The fewest bytes that one of many rounds allocated, per operation: what is allocated once, or once in a while when a list doubles, is
    /// left out. The work is to stay on this thread.
    /// </summary>
    /// <param name="operations">How many operations one round has.</param>
    /// <param name="round">One round.</param>
    public static double PerOperation(int operations, Action round)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Rounds; i++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            round();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return (double)least / operations;
    }

    /// <summary>Fails when an operation allocates more than it may; says how much it was either way.</summary>
    public static void AssertAtMost(int limit, double measured, string of)
    {
        Xunit.TestContext.Current.TestOutputHelper?.WriteLine($"{of}: {measured:0.0} bytes");
        Xunit.Assert.True(measured <= limit, $"{of} allocates {measured:0.0} bytes, and the limit is {limit}. Find what was added (dotnet-trace, profile gc-verbose), or raise the limit and say at it what the bytes are for.");
    }
}
