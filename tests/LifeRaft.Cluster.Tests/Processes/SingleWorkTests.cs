using System.Collections.Immutable;
using LifeRaft.Chaos;
using LifeRaft.TestSilo;

namespace LifeRaft.Cluster.Tests;

/// <summary>A LeaderBackgroundService on silos that are processes: it moves when its silo is killed, and is cancelled first where it is cut off.</summary>
[Collection(ProcessTests.Collection)]
public sealed class SingleWorkTests(ITestOutputHelper output)
{
    private ImmutableList<LockEvent> _events = [];

    [Fact]
    public async Task It_moves_when_its_silo_is_killed_and_is_cancelled_first_when_that_is_merely_cut_off()
    {
        await using var cluster = await ProcessCluster.Start(new ProcessClusterSettings
        {
            Timings = ChaosSettings.Timings,
            Groups = [LockNames.Group],
            Locks = SiloLocks.Worked,
            Heard = one => ImmutableInterlocked.Update(ref _events, events => events.Add(one)),
        });
        var first = await Begun(after: 0);
        var killedAt = LockEvent.Now;
        await cluster.Kill(first.Client);
        var second = await Begun(first.Token);
        Assert.NotEqual(first.Client, second.Client);
        output.WriteLine($"killed on {first.Client}, it began on {second.Client} {(second.At - killedAt).TotalSeconds:0.0} s later; the time to live is 6 s");

        await cluster.Start(first.Client);
        var others = cluster.Silos.Where(silo => silo != second.Client);
        var fault = new LinkFault(FaultKind.BreakSomeLinks, cluster, [.. others.SelectMany(other => BrokenLink.BothWays(second.Client, other, isCut: true))], second.Client, TimeSpan.Zero);
        await fault.Begin();
        var third = await Begun(second.Token);
        await fault.End();
        Assert.NotEqual(second.Client, third.Client);
        var cancelled = await Wait.For(
            $"it was cancelled on {second.Client}", () => Task.FromResult(_events.Find(one => one.Kind == LockEventKind.Lost && one.Token == second.Token)), one => one.Token > 0, _ => string.Join("; ", _events));
        Assert.True(cancelled.At < third.At, $"cancelled on {second.Client} at {cancelled.At}, but begun on {third.Client} at {third.At}");
        output.WriteLine($"cut off on {second.Client}, it was cancelled {(third.At - cancelled.At).TotalSeconds:0.0} s before it began on {third.Client}");
    }

    private Task<LockEvent> Begun(long after) => Wait.For(
        $"the work has begun with a token above {after}",
        () => Task.FromResult(_events.Find(one => one.Kind == LockEventKind.Granted && one.Token > after)),
        one => one.Token > 0,
        _ => string.Join("; ", _events));
}
