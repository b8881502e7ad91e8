using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace LifeRaft.Tests.KeyValue;

/// <summary>A clock that the test moves, and that says who waits for it: time that passes before somebody waits does not count for him.</summary>
internal sealed class TimersInView : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Completes when a timer of that length has been made since the last call.</summary>
    public async Task Made(TimeSpan length)
    {
        while (await _timers.Reader.ReadAsync(TestContext.Current.CancellationToken) != length)
        {
        }
    }
}
