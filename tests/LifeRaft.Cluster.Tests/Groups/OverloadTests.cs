using LifeRaft.Hosting;
using LifeRaft.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Cluster.Tests;

/// <summary>What a leader cannot carry is refused at once, and what it has accepted is carried out.</summary>
public sealed class OverloadTests
{
    private const int Commands = 60;

    // Slow enough that a busy machine takes no leadership away.
    private static readonly GroupTimings _patient = new(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(8), 0.8);
    private static readonly byte[] _value = new byte[100];

    [Fact]
    public async Task Beyond_the_bound_everything_is_refused_while_what_was_accepted_waits_and_none_of_that_is_lost()
    {
        await using var cluster = await RaftCluster.Start(3, options: options => options.MaximumPendingPerNode = 40);
        using var disks = new HeldDisks(cluster);
        var group = await Create(cluster, "kv/full");
        var store = new KeyValueStore(group);
        for (byte round = 1; round <= 2; round++)
        {
            var accepted = await Fill(cluster, disks, group, $"round {round}");
            Assert.Equal(40, accepted.Count);
            var refusal = await Assert.ThrowsAsync<OverloadedException>(() => store.Get("primed"));
            Assert.Contains("MaximumPendingPerNode", refusal.Message, StringComparison.Ordinal);
            Assert.Contains("Try later", refusal.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(accepted.Values, put => put.IsCompleted);

            disks.LetGo();
            await Task.WhenAll(accepted.Values);
            await store.Put("afterwards", new[] { round });
            Assert.Equal((0, 0L), Held(cluster, group));
            foreach (var key in accepted.Keys)
            {
                Assert.Equal(1, (await store.Get(key))!.Version);
            }
        }
    }

    [Fact]
    public async Task The_commands_of_one_group_fill_the_silo_and_those_of_another_are_refused_there_until_they_are_carried_out()
    {
        await using var cluster = await RaftCluster.Start(3, options: options =>
        {
            options.MaximumCommandBytes = 1024;
            options.MaximumPendingBytesPerSilo = 20 * 1024;
        });
        using var disks = new HeldDisks(cluster);
        var (full, other) = (await Create(cluster, "kv/full"), await Create(cluster, "kv/other"));
        var leader = await cluster.Leader(full);
        if ((await cluster.Leader(other)).Address != leader.Address)
        {
            await other.TransferLeadership(leader.Address);
        }

        var store = new KeyValueStore(other);
        var before = 0;
        for (byte round = 1; round <= 2; round++)
        {
            var accepted = await Fill(cluster, disks, full, $"round {round}");
            Assert.InRange(accepted.Count, 20, 20 * 1024 / (RequestLoad.BytesOfRequest + _value.Length));
            Assert.InRange(Held(cluster, full).Bytes, 19 * 1024, 20 * 1024);
            var refusal = await Assert.ThrowsAsync<OverloadedException>(() => store.Put("x", _value));
            Assert.Contains("MaximumPendingBytesPerSilo", refusal.Message, StringComparison.Ordinal);

            // As many as before: the silo got back exactly what was taken.
            Assert.True(round == 1 || accepted.Count == before, $"{before} commands were accepted first, then {accepted.Count}.");
            before = accepted.Count;
            disks.LetGo();
            await Task.WhenAll(accepted.Values);
            await store.Put("x", _value);
        }
    }

    private static async Task<RaftGroup> Create(RaftCluster cluster, string name)
    {
        var group = cluster.Group(name);
        await group.Create([.. cluster.Running.Select(RaftCluster.Address)], _patient);
        group.Timeout = Wait.Patience;
        await cluster.Leader(group);
        return group;
    }

    /// <summary>With disks that stand still, sends more than may be unanswered; returns what was accepted, by key, once the rest was refused.</summary>
    private static async Task<IReadOnlyDictionary<string, Task>> Fill(RaftCluster cluster, HeldDisks disks, RaftGroup group, string prefix)
    {
        var store = new KeyValueStore(group);
        await disks.Hold(() => store.Put("primed", _value));
        var puts = Enumerable.Range(100, Commands).ToDictionary(number => $"{prefix} {number}", number => (Task)store.Put($"{prefix} {number}", _value));
        await Wait.For(
            "each command was accepted or refused",
            () => Task.FromResult((Held: Held(cluster, group).Requests, Refused: puts.Values.Count(put => put.IsFaulted))),
            seen => seen.Held + seen.Refused == Commands,
            seen => $"{seen.Held} are held and {seen.Refused} were refused");
        Assert.All(puts.Values.Where(put => put.IsFaulted), put => Assert.IsType<OverloadedException>(put.Exception!.InnerException));
        return puts.Where(put => !put.Value.IsFaulted).ToDictionary();
    }

    private static (int Requests, long Bytes) Held(RaftCluster cluster, RaftGroup group)
    {
        var loads = cluster.Running.SelectMany(silo => cluster.Services(silo).GetRequiredService<NodeSessions>().All)
            .Where(session => session.Key.Group == group.Name).Select(session => session.Pump.Load.Requests).ToList();
        return (loads.Sum(load => load.Requests), loads.Sum(load => load.Bytes));
    }
}
