using LifeRaft.Chaos;

namespace LifeRaft.Docker.Tests;

/// <summary><see cref="Polling"/> for the state of other processes, that ends with the test.</summary>
internal static class Wait
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(2);

    public static Task<T> For<T>(string phase, Func<T> look, Func<T, bool> isReached, Func<T, string> describe) =>
        Polling.For(phase, () => Task.FromResult(look()), isReached, describe, _patience, TestContext.Current.CancellationToken);
}
