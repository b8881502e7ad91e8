using Orleans.Runtime.Messaging;

namespace LifeRaft.Cli;

/// <summary>Waits for what has no event of its own, by looking again and again. A look that fails is one that has not seen it yet.</summary>
/// <param name="time">The clock of the pauses.</param>
/// <param name="cancellationToken">Ends every wait; the demo's deadline is in it.</param>
internal sealed class Poll(TimeProvider time, CancellationToken cancellationToken)
{
    // What is measured by looking is this much too long at most.
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(2);

    public CancellationToken Token => cancellationToken;

    public async Task<T> Until<T>(Func<Task<T>> look, Func<T, bool> isReached)
    {
        while (true)
        {
            try
            {
                var seen = await look().WaitAsync(cancellationToken);
                if (isReached(seen))
                {
                    return seen;
                }
            }
            catch (Exception failure) when (failure is RaftException or OrleansException or TimeoutException or IOException or ConnectionFailedException)
            {
                // Silos come and go while the demo looks.
            }

            await Task.Delay(_pause, time, cancellationToken);
        }
    }

    public Task Until(Func<bool> isReached) => Until(() => Task.FromResult(isReached()), reached => reached);
}
