using LifeRaft.Chaos;

namespace LifeRaft.Silo.Tests;

/// <summary><see cref="Polling"/> that ends with the test.</summary>
internal static class Wait
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static Task<T> For<T>(string phase, Func<Task<T>> look, Func<T, bool> isReached, Func<string>? describe = null) => Polling.For(
        phase, look, isReached, describe is null ? null : state => $"{state}. {describe()}", Patience, TestContext.Current.CancellationToken);
}
