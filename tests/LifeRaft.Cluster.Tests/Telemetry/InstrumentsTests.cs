using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using LifeRaft.Protocol;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Cluster.Tests;

/// <summary>The page of the telemetry lists what silos really measure: instruments, kinds, units, attributes and their values.</summary>
public sealed class InstrumentsTests
{
    /// <summary>What a healthy group has no use for; NodeMeterTests has it.</summary>
    private static readonly string[] _notProvoked = ["liferaft.node.failures", "liferaft.overloads"];

    private readonly ConcurrentDictionary<Instrument, ConcurrentDictionary<string, ConcurrentDictionary<string, bool>>> _seen = new();
    private HashSet<object> _silos = [];

    [Fact]
    public async Task The_page_lists_each_with_its_attributes()
    {
        await using var cluster = await RaftCluster.Start(3, options: options =>
        {
            options.EntriesKeptBehindSnapshot = 0;
            options.GroupsInMetrics = "kv/measured";
        });
        using var listener = Listen(cluster);
        await Live(cluster);
        Listen(cluster, also: listener);
        var expected = TelemetryPage.Read("Instruments");
        await Wait.For(
            "every instrument has measured something",
            () =>
            {
                listener.RecordObservableInstruments();
                return Task.FromResult(expected.Select(row => row[0]).Except(_notProvoked).Except(_seen.Keys.Select(each => each.Name)).ToList());
            },
            missing => missing.Count == 0,
            missing => $"nothing was measured by {string.Join(", ", missing)}");

        var real = _seen.Where(each => !_notProvoked.Contains(each.Key.Name)).GroupBy(each => each.Key.Name)
            .Select(each => Row(each.First().Key, each.SelectMany(one => one.Value.Keys)))
            .Order(StringComparer.Ordinal).ToList();
        var listed = expected.Where(row => !_notProvoked.Contains(row[0])).Select(row => string.Join(" | ", row.Take(4))).ToList();
        TelemetryPage.Compare("Instruments", real, listed);
        CompareValues();
    }

    /// <summary>What a group goes through, so that everything is measured once.</summary>
    private static async Task Live(RaftCluster cluster)
    {
        var group = await cluster.Create("kv/measured");
        var other = await cluster.Create("kv/other");
        var leader = await cluster.Leader(group);
        var store = new KeyValueStore(group);
        await store.Put("key", Encoding.UTF8.GetBytes("value"));
        await store.Get("key");
        await new KeyValueStore(other).Put("key", Encoding.UTF8.GetBytes("value"));
        await using (var session = await group.OpenSession())
        {
            await new KeyValueStore(session).Put("other", Encoding.UTF8.GetBytes("value"));
        }

        // The leader's: the others have to notice.
        var away = RaftCluster.SiloOf(leader.Address);
        await cluster.Kill(away);
        group = cluster.From(cluster.Running.First()).GetRaftGroup("kv/measured");
        await cluster.Leader(group);
        store = new KeyValueStore(group);
        for (var number = 0; number < 20; number++)
        {
            await store.Put($"key {number}", Encoding.UTF8.GetBytes("value"));
        }

        // Whoever leads when it returns has to send it one.
        foreach (var silo in cluster.Running)
        {
            await (await cluster.Node(group, silo)).TakeSnapshot();
        }

        await cluster.Restart(away);
        await Wait.For(
            "the one that was away has installed the snapshot",
            () => cluster.Status(group),
            nodes => nodes.Count == 3 && nodes.All(node => node.Snapshot > LogIndex.Zero),
            RaftCluster.Describe);
        await Wait.For("the leadership is handed over", () => HandedOver(group), isDone => isDone);
    }

    /// <summary>On a machine that is busy the target may not take over in time.</summary>
    private static async Task<bool> HandedOver(RaftGroup group)
    {
        try
        {
            await group.TransferLeadership();
            return true;
        }
        catch (RaftException)
        {
            return false;
        }
    }

    private MeterListener Listen(RaftCluster cluster, MeterListener? also = null)
    {
        // Other clusters of this process have meters of the same name.
        _silos = [.. cluster.Running.Select(silo => cluster.Services(silo).GetRequiredService<IMeterFactory>())];
        if (also is not null)
        {
            return also;
        }

        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Meter.Name == "LifeRaft")
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, _, tags, _) => Remember(instrument, tags));
        listener.SetMeasurementEventCallback<double>((instrument, _, tags, _) => Remember(instrument, tags));
        listener.Start();
        return listener;
    }

    private void Remember(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (instrument.Meter.Scope is not { } silo || !_silos.Contains(silo))
        {
            return;
        }

        var attributes = _seen.GetOrAdd(instrument, static _ => new());
        foreach (var (name, value) in tags)
        {
            attributes.GetOrAdd(name, static _ => new()).TryAdd((string)value!, true);
        }
    }

    private static string Row(Instrument instrument, IEnumerable<string> attributes)
    {
        var kind = instrument.GetType().Name.Split('`')[0].Replace("Observable", "", StringComparison.Ordinal);
        var names = attributes.Distinct().Where(name => name != "liferaft.group").Order(StringComparer.Ordinal);
        return $"{instrument.Name} | {kind} | {instrument.Unit} | {string.Join(", ", names)}";
    }

    private void CompareValues()
    {
        var listed = TelemetryPage.Read("Attributes").ToDictionary(row => row[0], row => row[1]);
        var real = _seen.Values.SelectMany(attributes => attributes).ToLookup(attribute => attribute.Key, attribute => attribute.Value.Keys);
        Assert.Equal(listed.Keys.Except(["liferaft.queue"]).Order(StringComparer.Ordinal), real.Select(attribute => attribute.Key).Order(StringComparer.Ordinal));
        Assert.All(real.Where(attribute => !listed[attribute.Key].StartsWith("any ", StringComparison.Ordinal)), attribute =>
        {
            var values = listed[attribute.Key].Split([", ", "; ", ": "], StringSplitOptions.None);
            Assert.All(attribute.SelectMany(value => value).Distinct(), value => Assert.Contains(value, values));
        });
        Assert.Equal(["kv/measured"], real["liferaft.group"].SelectMany(value => value).Distinct());
    }
}
