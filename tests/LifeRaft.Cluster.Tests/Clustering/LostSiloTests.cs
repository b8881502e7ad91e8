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

    /// <summary>Their leader puts changes in order, so whoever is at hand may ask for them. A founding has no leader yet, and may have to wait.</summary>
    [Fact]
    public async Task Any_group_can_be_changed_when_a_silo_is_killed_that_Orleans_still_counts_as_running_and_a_founding_says_in_time_that_it_cannot_be()
    {
        await using var cluster = await VoterProcesses.Start();
        var token = TestContext.Current.CancellationToken;
        var groups = Enumerable.Range(1, 20).Select(number => cluster.GroupOf($"kv/changed-{number}")).ToList();
        await Task.WhenAll(groups.Select(group => InTime(group).Create(["1@silo-1"], cancellationToken: token)));
        await cluster.Kill("silo-2");

        await Task.WhenAll(groups.Select(async group => Assert.True((await group.AddVoter("3@silo-3", token)).Member.IsVoter)));
        await Task.WhenAll(groups.Select(async group => Assert.Equal("4@silo-3", (await group.AddLearner("4@silo-3", token)).Member.Address)));

        var late = Enumerable.Range(1, 20).Select(number => cluster.GroupOf($"kv/founded-{number}")).ToList();
        var founded = await Task.WhenAll(late.Select(Found));
        output.WriteLine($"{founded.Count(failure => failure is null)} of {late.Count} groups could be founded.");
        Assert.All(founded.OfType<OutcomeUnknownException>(), failure => Assert.Contains("Start it, or wait until Orleans counts it as dead", failure.Message, StringComparison.Ordinal));
        Assert.Equal(SiloStatus.Active, (await cluster.Row("silo-2")).Status);

        await cluster.Start("silo-2");
        await cluster.AreActive([.. cluster.Silos]);
        await Task.WhenAll(late.Select(async group => Assert.Single(await InTime(group).Create(["1@silo-1"], cancellationToken: token))));
    }

    /// <summary>Null, or why not; its deadline is shorter than the time for which Orleans waits for a silo that has vanished.</summary>
    private static async Task<OutcomeUnknownException?> Found(RaftGroup group)
    {
        group.Timeout = TimeSpan.FromSeconds(15);
        var began = Stopwatch.GetTimestamp();
        try
        {
            await group.Create(["1@silo-1"], cancellationToken: TestContext.Current.CancellationToken);
            return null;
        }
        catch (OutcomeUnknownException failure)
        {
            Assert.InRange(Stopwatch.GetElapsedTime(began), TimeSpan.Zero, group.Timeout + TimeSpan.FromSeconds(10));
            return failure;
        }
    }

    private static RaftGroup InTime(RaftGroup group)
    {
        group.Timeout = _timeout;
        return group;
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
