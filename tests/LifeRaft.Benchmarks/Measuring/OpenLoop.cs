using System.Collections.Concurrent;
using System.Diagnostics;

namespace LifeRaft.Benchmarks;

/// <summary>
/// Writes that are sent at fixed times, whether earlier ones were answered or not: what an application with many users sees of an
/// interruption. Clients that wait for each answer would all be held up by the one request that was lost.
/// </summary>
/// <param name="write">One write. It throws where there is no answer, or one that says it failed.</param>
internal sealed class OpenLoop(Func<Task> write) : IAsyncDisposable
{
    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(2);

    private readonly CancellationTokenSource _stopping = new();
    private readonly List<(long Sent, long Answered)> _answered = [];
    private readonly List<Task> _open = [];
    private Task _sending = Task.CompletedTask;
    private readonly ConcurrentDictionary<string, int> _failures = new();
    private int _sent;

    /// <summary>What was said of writes that failed or are of unknown outcome, and how often.</summary>
    public IReadOnlyDictionary<string, int> Failures => _failures;

    public int Sent => _sent;

    public void Start() => _sending = Task.Run(Send);

    /// <summary>How long after that moment the first write was acknowledged that was sent after it; null when none was yet.</summary>
    /// <param name="moment">As <see cref="Stopwatch.GetTimestamp"/> says it.</param>
    public TimeSpan? FirstAfter(long moment)
    {
        lock (_answered)
        {
            var after = _answered.Where(write => write.Sent >= moment).Select(write => write.Answered).DefaultIfEmpty().Min();
            return after == 0 ? null : Stopwatch.GetElapsedTime(moment, after);
        }
    }

    /// <summary>The longest time from one acknowledgement to the next, from one moment to another.</summary>
    public TimeSpan LongestGap(long from, long to)
    {
        lock (_answered)
        {
            long[] answers = [from, .. _answered.Select(write => write.Answered).Where(answered => answered > from && answered < to).Order(), to];
            return answers.Zip(answers.Skip(1), Stopwatch.GetElapsedTime).Max();
        }
    }

    /// <summary>99 of 100 writes that were sent from one moment to another, and acknowledged, took no longer.</summary>
    /// <exception cref="InvalidOperationException">None was acknowledged.</exception>
    public TimeSpan P99(long from, long to)
    {
        lock (_answered)
        {
            var taken = _answered.Where(write => write.Sent >= from && write.Sent < to).Select(write => Stopwatch.GetElapsedTime(write.Sent, write.Answered)).Order().ToList();
            return taken.Count > 0 ? taken[(int)Math.Ceiling(taken.Count * 0.99) - 1] : throw new InvalidOperationException("No write was acknowledged in that time.");
        }
    }

    /// <summary>Sends nothing more, and returns when all is answered.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping.IsCancellationRequested)
        {
            return;
        }

        await _stopping.CancelAsync();
        await _sending;
        await Task.WhenAll(_open);
    }

    private async Task Send()
    {
        using var timer = new PeriodicTimer(_pause);
        for (Task next = Task.CompletedTask; !_stopping.IsCancellationRequested; await next.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing))
        {
            _open.RemoveAll(task => task.IsCompleted);
            _open.Add(WriteOne());
            next = timer.WaitForNextTickAsync(_stopping.Token).AsTask();
        }
    }

    private async Task WriteOne()
    {
        var sent = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _sent);
        try
        {
            await write();
            lock (_answered)
            {
                _answered.Add((sent, Stopwatch.GetTimestamp()));
            }
        }
        catch (Exception failure) when (failure is RaftException or OrleansException or TimeoutException)
        {
            _failures.AddOrUpdate($"{failure.GetType().Name}: {failure.Message}", 1, static (_, count) => count + 1);
        }
    }
}
