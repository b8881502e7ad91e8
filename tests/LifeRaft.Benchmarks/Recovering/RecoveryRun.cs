using System.Diagnostics;
using LifeRaft.Protocol;

namespace LifeRaft.Benchmarks;

/// <summary>
/// One run with a follower that misses a part of the log: it catches up, it is restarted with all of it, and a node that has nothing is
/// sent a snapshot.
/// </summary>
/// <param name="silos">Three silos that take no snapshot by themselves.</param>
/// <param name="megabytes">How much of the log is missed, in MiB.</param>
/// <param name="say">Hears what is being done.</param>
internal sealed class RecoveryRun(LifeRaftProcesses silos, int megabytes, Action<string> say)
{
    private const int MissedValueBytes = 65_536;
    private const int Writers = 32;
    private const double Mebibyte = 1024 * 1024;

    private static readonly TimeSpan _before = TimeSpan.FromSeconds(5);

    private readonly RaftGroup _group = silos.Grains.GetRaftGroup(SiloSettings.GroupName);
    private readonly List<Figure> _figures = [];

    public async Task<IReadOnlyList<Figure>> Measure(CancellationToken cancellationToken)
    {
        var write = silos.Workloads.First(workload => workload is { Name: Workload.Write, ValueBytes: Values.UsualBytes });
        await WarmUp.OfSystem().Run(write, WarmUp.Clients, text => say($"they warm up: {text}"), cancellationToken);
        var leader = await GroupWait.Whole(_group, cancellationToken);
        var follower = leader.Members.First(member => member.Address != leader.Address).Address;
        await CatchUp(follower, cancellationToken);
        await Restart(follower, cancellationToken);
        await Snapshot(cancellationToken);
        return _figures;
    }

    /// <summary>Catching up, while a write is sent every 2 ms.</summary>
    private async Task CatchUp(string follower, CancellationToken cancellationToken)
    {
        var store = new KeyValueStore(_group);
        var value = Values.OfLength(Values.UsualBytes);
        await using var writes = new OpenLoop(() => store.Put("foreground", value));
        say("the foreground alone");
        writes.Start();
        var began = Stopwatch.GetTimestamp();
        await Task.Delay(_before, cancellationToken);
        var p99 = writes.P99(began, Stopwatch.GetTimestamp());

        say($"{follower} misses {megabytes} MiB");
        var silo = follower.Split('@')[1];
        await silos.Kill(silo);
        var had = (await GroupWait.Leader(_group, cancellationToken)).Last;
        await Fill(store, cancellationToken);
        var missed = (await GroupWait.Leader(_group, cancellationToken)).Commit;

        say($"{follower} catches up");
        var starting = silos.Begin(silo);
        var there = await GroupWait.Node(_group, follower, static _ => true, cancellationToken);
        var first = Stopwatch.GetTimestamp();
        await GroupWait.Node(_group, follower, node => node.Applied >= missed, cancellationToken);
        var last = Stopwatch.GetTimestamp();
        await starting;

        // What it had got before it was first seen does not count.
        var share = (missed - LogIndex.Max(there.Last, had)) / (double)(missed - had);
        var during = writes.P99(first, last);
        Add("catch-up of a follower", megabytes * share / Stopwatch.GetElapsedTime(first, last).TotalSeconds, "MiB/s", 100, isAtMost: false);
        Add("foreground p99 before", p99.TotalMilliseconds, "ms");
        Add("foreground p99 during it", during.TotalMilliseconds, "ms");
        Add("the same to that before", during / p99, "x", 3);
        Add("writes that failed or are unknown", writes.Failures.Values.Sum(), "");
    }

    /// <summary>The restart of a silo that has all of the log, and no snapshot.</summary>
    private async Task Restart(string follower, CancellationToken cancellationToken)
    {
        say($"{follower} is restarted");
        await GroupWait.Whole(_group, cancellationToken);
        var silo = follower.Split('@')[1];
        await silos.Kill(silo);
        var all = (await GroupWait.Leader(_group, cancellationToken)).Commit;
        var began = Stopwatch.GetTimestamp();
        await silos.Begin(silo);
        Add("restart until it is in the cluster", Stopwatch.GetElapsedTime(began).TotalSeconds, "s");
        await GroupWait.Node(_group, follower, node => node.Applied >= all, cancellationToken);
        Add($"restart until {megabytes} MiB are applied", Stopwatch.GetElapsedTime(began).TotalSeconds, "s");
    }

    /// <summary>A snapshot is taken, which compacts the log, and sent to a node that has nothing.</summary>
    private async Task Snapshot(CancellationToken cancellationToken)
    {
        say("a snapshot is taken");
        var leader = await GroupWait.Whole(_group, cancellationToken);
        var node = await _group.Node(leader.Address, cancellationToken);
        var began = Stopwatch.GetTimestamp();
        var snapshot = await node.TakeSnapshot();
        Add($"taking a snapshot of {snapshot.Bytes / Mebibyte:0} MiB", snapshot.Bytes / Mebibyte / Stopwatch.GetElapsedTime(began).TotalSeconds, "MiB/s");

        var learner = $"learner@{leader.Members.First(member => member.Address != leader.Address).Address.Split('@')[1]}";
        say($"{learner} is sent the snapshot");
        began = Stopwatch.GetTimestamp();
        var joining = _group.AddLearner(learner, cancellationToken);
        await GroupWait.Node(_group, learner, status => status.Applied >= snapshot.Index, cancellationToken);
        Add("sending and installing it", snapshot.Bytes / Mebibyte / Stopwatch.GetElapsedTime(began).TotalSeconds, "MiB/s");
        await joining;
    }

    /// <summary>Writes what is to be missed. A quarter of it is in the state afterwards, for each key is written four times.</summary>
    private async Task Fill(KeyValueStore store, CancellationToken cancellationToken)
    {
        var value = Values.OfLength(MissedValueBytes);
        var entries = (int)(megabytes * Mebibyte / MissedValueBytes);
        var writers = new ParallelOptions { MaxDegreeOfParallelism = Writers, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, entries, writers, async (entry, token) =>
        {
            while (!await IsPut($"missed-{entry % Math.Max(1, entries / 4)}"))
            {
                token.ThrowIfCancellationRequested();
            }
        });

        // A put may be repeated, also one of unknown outcome; what it is for is that the log grows.
        async Task<bool> IsPut(string key)
        {
            try
            {
                await store.Put(key, value, cancellationToken);
                return true;
            }
            catch (RaftException)
            {
                return false;
            }
        }
    }

    private void Add(string measure, double value, string unit, double? goal = null, bool isAtMost = true) => _figures.Add(new Figure(measure, value, unit, goal, isAtMost));
}
