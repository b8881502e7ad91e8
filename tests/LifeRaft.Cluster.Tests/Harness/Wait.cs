using LifeRaft.Chaos;

namespace LifeRaft.Cluster.Tests;

/// <summary><see cref="Polling"/> that ends with the test.</summary>
internal static class Wait
{
    public static readonly TimeSpan Patience = Polling.Patience;

    public static Task<T> For<T>(string phase, Func<Task<T>> look, Func<T, bool> isReached, Func<T, string>? describe = null) =>
        Polling.For(phase, look, isReached, describe, TestContext.Current.CancellationToken);
}
