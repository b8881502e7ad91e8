using System.Diagnostics;
using System.Globalization;
using LifeRaft.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Cluster.Tests;

/// <summary>
/// A restart costs what came after the snapshot, not what came before. <c>LIFERAFT_COMMANDS=1000000</c> shows it at the size that
/// counts; the figures are printed.
/// </summary>
public sealed class RestartTests
{
    private static int Commands => int.Parse(Environment.GetEnvironmentVariable("LIFERAFT_COMMANDS") ?? "20000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task A_group_with_many_applied_commands_restarts_from_its_snapshot()
    {
        await using var cluster = await RaftCluster.Start(1, options: options => options.SnapshotAfterEntries = 10_000);
        var group = await cluster.Create("kv/many");
        await Write(cluster.From(0).GetRaftGroup("kv/many"), Commands);
        var before = (await cluster.AllApplied(group, 1))[0];
        Assert.True(before.Applied.Value > Commands);
        Assert.True(before.Snapshot.Value > before.Applied.Value - 20_000, $"{before}");
        await cluster.Stop(0);

        // What the node does when its silo starts: it claims its log, loads the snapshot, leads again and applies what came after it.
        await cluster.Restart(0);
        var watch = Stopwatch.StartNew();
        await Wait.For("everything is applied again", () => cluster.Status(group), nodes => nodes.Count == 1 && nodes[0].Applied >= before.Applied, RaftCluster.Describe);
        var applied = watch.Elapsed;

        // The same once more, step by step; the node that runs loses its claim.
        watch.Restart();
        var log = await cluster.Services(0).GetRequiredService<IRaftLogStore>().Claim("kv/many/1@Silo_0", CancellationToken.None);
        var claimed = watch.Elapsed;
        await log.ReadSnapshot(log.Restored.Snapshot!, static content => content.CopyTo(Stream.Null), CancellationToken.None);
        var read = watch.Elapsed - claimed;
        Assert.True(log.Restored.Last - log.Restored.Base.Index < Commands, $"The log goes from {log.Restored.Base} to {log.Restored.Last}.");
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{Commands:N0} commands: snapshot at {log.Restored.Snapshot!.Index} ({log.Restored.Snapshot.Bytes:N0} bytes), {log.Restored.Last - log.Restored.Snapshot.Index} entries behind it; "
            + $"claim {claimed.TotalMilliseconds:0} ms, reading the snapshot {read.TotalMilliseconds:0} ms; {applied.TotalMilliseconds:0} ms after the silo had started, election included, everything was applied.");
    }

    private static async Task Write(RaftGroup group, int commands)
    {
        const int Clients = 128;
        var store = new KeyValueStore(group);
        await Task.WhenAll(Enumerable.Range(0, Clients).Select(async client =>
        {
            for (var i = 0; i < (commands / Clients) + 1; i++)
            {
                await store.Put($"key-{client}-{i % 50}", BitConverter.GetBytes(i));
            }
        }));
    }
}
