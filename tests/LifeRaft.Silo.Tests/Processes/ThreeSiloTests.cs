using System.Diagnostics;
using LifeRaft.Protocol;

namespace LifeRaft.Silo.Tests;

/// <summary>Three silos that need nothing beside them, and what their clients see of the end of one.</summary>
public sealed class ThreeSiloTests(ITestOutputHelper output)
{
    private const int WritesBefore = 200;
    private const int WritesAfter = 200;

    [Fact]
    public async Task The_end_of_the_leaders_silo_fails_no_request_and_it_comes_back()
    {
        await using var silos = await ThreeSilos.Start();
        await using var client = await SiloClient.Connect(silos.Gateways);
        var group = client.Grains.GetRaftGroup("kv/default");
        var leader = await Leader(group);
        await using var session = await group.OpenSession();

        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var inSession = new Writer("session", new KeyValueStore(session));
        var plain = new Writer("plain", new KeyValueStore(group));
        var writing = Task.WhenAll(inSession.Write(WritesBefore, WritesAfter, ended.Task), plain.Write(WritesBefore, WritesAfter, ended.Task));
        await Task.WhenAll(inSession.Half, plain.Half).WaitAsync(Wait.Patience);

        var silo = leader.Address.Split('@')[1];
        silos[silo].Terminate();
        Assert.Equal(0, await silos[silo].Ended());
        ended.SetResult();
        await writing.WaitAsync(Wait.Patience);
        output.WriteLine($"{leader.Address} led. {inSession}. {plain}.");
        Assert.True(inSession.Failures.Count + plain.Failures.Count == 0, string.Join(Environment.NewLine, [.. inSession.Failures, .. plain.Failures]));

        // Each key is written once, so whatever was applied twice has another version.
        var store = new KeyValueStore(group);
        foreach (var key in inSession.Keys.Concat(plain.Keys))
        {
            Assert.Equal(1, (await store.Get(key))!.Version);
        }

        await silos.Begin(silo).Ready();
        var nodes = await Wait.For("all three are members again", () => group.Status(), nodes => nodes.Count == 3 && nodes.Min(node => node.Applied) >= nodes.Max(node => node.Commit), () => silos[silo].Said);
        Assert.All(nodes, node => Assert.Equal(3, node.Members.Count));
    }

    [Fact]
    public async Task A_silo_that_cannot_leave_ends_with_its_grace_period_and_another_exit_code()
    {
        await using var silos = await ThreeSilos.Start(new Dictionary<string, string> { ["LIFERAFT_Silo__GracePeriod"] = "1 s" });
        await silos["silo-1"].Kill();
        await silos["silo-2"].Kill();

        // No majority of the voters is left: the silo tries for some seconds to write that it leaves.
        silos["silo-3"].Terminate();
        Assert.Equal(3, await silos["silo-3"].Ended());
        Assert.Contains("The grace period of ", silos["silo-3"].Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_signal_ends_it_at_once_with_another_exit_code()
    {
        await using var silos = await ThreeSilos.Start();
        await silos["silo-1"].Kill();
        await silos["silo-2"].Kill();
        silos["silo-3"].Terminate();
        await Wait.For("the silo was told to stop", () => silos["silo-3"].Body("/health/ready"), body => body.Contains("The silo is being stopped.", StringComparison.Ordinal));
        silos["silo-3"].Terminate();
        Assert.Equal(3, await silos["silo-3"].Ended());
        Assert.Contains("A second signal came before the silo had left the cluster in order", silos["silo-3"].Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_that_waits_for_the_others_ends_at_once_when_it_is_told_to()
    {
        await using var silos = await ThreeSilos.Start();
        await silos["silo-1"].Kill();
        await silos["silo-2"].Kill();
        await silos["silo-3"].Kill();
        var alone = silos.Begin("silo-1");
        await Wait.For("the silo waits", () => alone.Body("/health/startup"), body => body.Contains("it has not joined the cluster yet", StringComparison.Ordinal), () => alone.Said);
        alone.Terminate();
        var exitCode = await alone.Ended();
        Assert.True(exitCode == 0, $"The exit code is {exitCode}. {alone.Said}");
    }

    private static async Task<NodeStatus> Leader(RaftGroup group)
    {
        var nodes = await Wait.For(
            "the group has three members and a leader",
            async () =>
            {
                try
                {
                    return await group.Status();
                }
                catch (RaftException)
                {
                    return [];
                }
            },
            nodes => nodes.Count == 3 && nodes.Any(node => node.State == RaftState.Leader));
        return nodes.Where(node => node.State == RaftState.Leader).MaxBy(node => node.Term.Value)!;
    }

    /// <summary>An application that writes one key after the other.</summary>
    private sealed class Writer(string name, KeyValueStore store)
    {
        private readonly TaskCompletionSource _half = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TimeSpan _longest;

        public Task Half => _half.Task;

        public List<string> Keys { get; } = [];

        public List<string> Failures { get; } = [];

        public async Task Write(int before, int after, Task ended)
        {
            for (var left = after; left > 0;)
            {
                left -= ended.IsCompleted ? 1 : 0;
                await Write($"{name}-{Keys.Count}");
                if (Keys.Count == before)
                {
                    _half.TrySetResult();
                }
            }
        }

        public override string ToString() => $"{name}: {Keys.Count} writes, {Failures.Count} failed, the slowest took {_longest.TotalMilliseconds:0} ms";

        private async Task Write(string key)
        {
            var watch = Stopwatch.StartNew();
            Keys.Add(key);
            try
            {
                await store.Put(key, "x"u8.ToArray());
            }
            catch (Exception failure) when (failure is RaftException or OrleansException or TimeoutException)
            {
                Failures.Add($"{key}: {failure.GetType().Name}: {failure.Message}");
                _half.TrySetResult();
            }

            _longest = watch.Elapsed > _longest ? watch.Elapsed : _longest;
        }
    }
}
