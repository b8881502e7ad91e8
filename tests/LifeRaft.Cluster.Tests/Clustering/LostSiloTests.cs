using System.Diagnostics;
using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>
/// What clients of a group notice when a silo is killed, while Orleans still counts it as running: it takes nothing with it but what was
/// under way there, and nobody waits for that until a deadline.
/// </summary>
[Collection(ProcessTests.Collection)]
public sealed class LostSiloTests(ITestOutputHelper output)
{
    private const int Writers = 6;

    /// <summary>The handles' timeout; and Orleans waits for 30 s for what was sent to a silo, or through its gateway, before it was killed.</summary>
    private static readonly TimeSpan _timeout = Wait.Patience;

    /// <summary>About three seconds are expected on an idle machine.</summary>
    private static readonly TimeSpan _bound = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Clients_go_on_writing_when_any_silo_is_killed_whether_or_not_Orleans_has_noticed()
    {
        await using var cluster = await VoterProcesses.Start();
        var leader = await Leader(cluster);
        await Lose(cluster, leader, "the leader's");
        await Lose(cluster, cluster.Silos.First(silo => silo != leader), "another");
    }

    /// <summary>Orleans' directory of grains is spread over the silos by the grains' keys: a part of it is lost with each.</summary>
    [Fact]
    public async Task Any_group_can_be_looked_for_when_a_silo_is_killed_that_Orleans_still_counts_as_running()
    {
        await using var cluster = await VoterProcesses.Start();
        await cluster.Kill("silo-2");
        var groups = Enumerable.Range(1, 40).Select(number => cluster.GroupOf($"kv/looked-for-{number}")).ToList();
        await Task.WhenAll(groups.Select(async group => Assert.Contains("silo-1", await group.Silos(TestContext.Current.CancellationToken))));
        Assert.Equal(SiloStatus.Active, (await cluster.Row("silo-2")).Status);
    }

    private async Task Lose(VoterProcesses cluster, string silo, string which)
    {
        using var stop = new CancellationTokenSource();
        var writers = Enumerable.Range(1, Writers).Select(number => new Writer(cluster, $"{which}/{number}", isNew: number > Writers / 2)).ToList();
        var writing = Task.WhenAll(writers.Select(writer => writer.Run(stop.Token)));
        await AllWrite(writers, "before");

        await cluster.Kill(silo);
        await AllWrite(writers, $"without {silo}");
        Assert.Equal(SiloStatus.Active, (await cluster.Row(silo)).Status);
        await stop.CancelAsync();
        await writing;

        var longest = writers.Max(writer => writer.Longest);
        output.WriteLine($"{silo}, {which}: {writers.Sum(writer => writer.Written)} writes, {writers.Sum(writer => writer.Unknown)} of unknown outcome; the longest took {longest.TotalSeconds:0.0} s");
        Assert.True(longest < _bound, $"{silo}, {which}: a write took {longest.TotalSeconds:0.0} s, of {_timeout.TotalSeconds} s that it had.");

        await cluster.Start(silo);
        await cluster.AreActive([.. cluster.Silos]);
        await cluster.Serves($"with {silo} again");
    }

    private static async Task AllWrite(List<Writer> writers, string when)
    {
        var written = writers.ConvertAll(writer => writer.Written);
        await Wait.For(
            $"all clients write {when}",
            () => Task.FromResult(writers.ConvertAll(writer => writer.Written)),
            now => now.Zip(written).All(writer => writer.First > writer.Second + 2),
            now => string.Join(", ", now));
    }

    private static async Task<string> Leader(VoterProcesses cluster)
    {
        var nodes = await Wait.For("a node leads", () => cluster.Group.Status(), nodes => nodes.Any(node => node.State == RaftState.Leader));
        return NodeAddress.Parse(nodes.First(node => node.State == RaftState.Leader).Address).Silo;
    }

    /// <summary>A client that always has a write under way, by one handle, or by a new one for each.</summary>
    private sealed class Writer(VoterProcesses cluster, string name, bool isNew)
    {
        private int _written;

        public int Written => Volatile.Read(ref _written);

        public int Unknown { get; private set; }

        public TimeSpan Longest { get; private set; }

        public async Task Run(CancellationToken stop)
        {
            var store = Store();
            for (var number = 0; !stop.IsCancellationRequested; number++)
            {
                store = isNew ? Store() : store;
                var began = Stopwatch.GetTimestamp();
                try
                {
                    await store.Put($"{name}/{number}", new byte[] { 1 }, CancellationToken.None);
                    Interlocked.Increment(ref _written);
                }
                catch (OutcomeUnknownException)
                {
                    Unknown++;
                }

                var took = Stopwatch.GetElapsedTime(began);
                Longest = took > Longest ? took : Longest;
            }
        }

        private KeyValueStore Store()
        {
            var group = cluster.Group;
            group.Timeout = _timeout;
            return new KeyValueStore(group);
        }
    }
}
