using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Runtime;

namespace LifeRaft.Silo.Tests;

/// <summary>A silo that is told to stop while it starts was stopped, and has not failed: its exit code is 0.</summary>
public sealed class CancelledStartTests
{
    [Fact]
    public async Task What_Orleans_throws_between_two_stages_of_a_start_that_was_cancelled_is_a_cancellation()
    {
        var stages = new SiloLifecycleSubject(NullLogger<SiloLifecycleSubject>.Instance);
        using var stop = new CancellationTokenSource();
        stages.Subscribe("told to stop", ServiceLifecycleStage.First, _ => stop.CancelAsync());
        stages.Subscribe("not reached", ServiceLifecycleStage.Active, _ => throw new InvalidOperationException("The start went on."));
        Assert.True(SiloRun.IsCancellation(await Assert.ThrowsAnyAsync<Exception>(() => stages.OnStart(stop.Token))));
    }

    [Fact]
    public async Task A_stage_that_fails_is_no_cancellation()
    {
        var stages = new SiloLifecycleSubject(NullLogger<SiloLifecycleSubject>.Instance);
        stages.Subscribe("fails", ServiceLifecycleStage.First, _ => throw new InvalidOperationException("No port."));
        Assert.False(SiloRun.IsCancellation(await Assert.ThrowsAnyAsync<Exception>(() => stages.OnStart(TestContext.Current.CancellationToken))));
    }
}
