using System.Diagnostics;
using System.Globalization;
using LifeRaft.Protocol;

namespace LifeRaft.Cli;

/// <summary>While many clients write, the leader's silo is killed and started again.</summary>
internal sealed class LeaderLoss(DemoCluster cluster, WriteLedger ledger, Poll poll, DemoScreen screen, DemoFigures figures)
{
    // Once all is written that was asked for, clients write on at this pace until the killed node has caught up.
    private static readonly TimeSpan _pauseOfTrickle = TimeSpan.FromMilliseconds(20);

    private volatile bool _isOver;

    /// <param name="clients">Who writes.</param>
    /// <param name="count">How many of them.</param>
    /// <param name="writes">Until so many writes are acknowledged in all, and longer if the killed node is not back by then.</param>
    public async Task Run(WriteClients clients, int count, int writes)
    {
        var already = ledger.Acknowledged;
        var writing = clients.Write(count, () => ledger.Acknowledged < writes ? TimeSpan.Zero : _isOver ? null : _pauseOfTrickle, WriteClients.Latencies());
        try
        {
            await Written(already + ((writes - already) / 2));
            var killed = await Kill();
            await Written(already + ((writes - already) * 3 / 4));
            await Restart(killed);
            await Written(writes);
        }
        finally
        {
            _isOver = true;
            await writing;
        }

        screen.Done(string.Create(CultureInfo.InvariantCulture, $"writing ended: {ledger.Acknowledged:N0} writes acknowledged"));
    }

    public static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 1);

    private Task Written(int writes)
    {
        screen.Now(() => string.Create(CultureInfo.InvariantCulture, $"Writing: {ledger.Acknowledged:N0} writes acknowledged"));
        return poll.Until(() => ledger.Acknowledged >= writes);
    }

    private async Task<string> Kill()
    {
        var leader = await cluster.Leader();
        var silo = cluster.Running.Single(silo => silo.Name == DemoCluster.SiloOf(leader.Address));
        var begun = Stopwatch.GetTimestamp();
        var killing = cluster.Kill(silo);
        var resumed = ledger.FirstFromNextLeader();
        screen.Done($"killed {silo.Name}, whose node led, in the middle of the writing");
        var next = await poll.Until(cluster.Leader, node => node.Term > leader.Term);
        var elected = Stopwatch.GetElapsedTime(begun);
        var leaderless = Stopwatch.GetElapsedTime(begun, await resumed.WaitAsync(poll.Token));

        // The leader is looked for every few milliseconds. One that has acknowledged a write was elected before.
        figures.NewLeaderMs = Milliseconds(elected < leaderless ? elected : leaderless);
        figures.LeaderlessMs = Milliseconds(leaderless);
        screen.Done(string.Create(CultureInfo.InvariantCulture, $"no leader for {figures.LeaderlessMs:0} ms ({next.Address} elected after {figures.NewLeaderMs:0} ms); writing goes on"));
        await killing;
        return silo.Name;
    }

    private async Task Restart(string name)
    {
        var begun = Stopwatch.GetTimestamp();
        screen.Now(() => string.Create(CultureInfo.InvariantCulture, $"Starting {name} again; {ledger.Acknowledged:N0} writes acknowledged"));
        var silo = await cluster.Start(name);
        var returned = await cluster.NodeAt(silo).Status();
        figures.MissedEntries = Math.Max(0, (await poll.Until(cluster.Leader, _ => true)).Commit - returned.Last);
        screen.Done(string.Create(CultureInfo.InvariantCulture, $"{name} runs again; its log lacks {figures.MissedEntries:N0} entries"));
        var gap = 0L;
        screen.Now(() => string.Create(CultureInfo.InvariantCulture, $"{name} catches up: {gap:N0} entries to go; {ledger.Acknowledged:N0} writes acknowledged"));
        await poll.Until(async () => gap = await Gap(silo), entries => entries <= 0);
        figures.CaughtUpMs = Milliseconds(Stopwatch.GetElapsedTime(begun));
        screen.Done(string.Create(CultureInfo.InvariantCulture, $"{name} caught up {figures.CaughtUpMs:0} ms after its start, while clients wrote on"));
    }

    /// <summary>How many entries the node has to apply still. The leader is asked first: what it applies meanwhile is not counted.</summary>
    private async Task<long> Gap(DemoSilo silo)
    {
        var leader = await cluster.Leader();
        var node = await cluster.NodeAt(silo).Status();
        return leader.Applied - node.Applied;
    }
}
