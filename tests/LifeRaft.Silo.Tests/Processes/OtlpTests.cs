using OpenTelemetry.Exporter;

namespace LifeRaft.Silo.Tests;

/// <summary>A silo whose configuration names a collector of OpenTelemetry, and what arrives there.</summary>
public sealed class OtlpTests : IDisposable
{
    private const int Writes = 20;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(OtlpExportProtocol.HttpProtobuf)]
    [InlineData(OtlpExportProtocol.Grpc)]
    public async Task Metrics_arrive_with_the_silos_name_and_count_what_was_done(OtlpExportProtocol protocol)
    {
        await using var collector = await Collector.Start();
        await using var silo = Start(collector, protocol, traces: false, out var place);
        await silo.Ready();
        await Write(place);
        var committed = await Wait.For(
            "the collector has heard of all commands",
            () => Task.FromResult(collector.Metrics.Where(metric => metric.Name == "liferaft.commit.duration").ToList()),
            metrics => metrics.Any(metric => metric.Count >= Writes),
            () => $"It has {string.Join(", ", collector.Metrics.Select(metric => $"{metric.Name} {metric.Count}").Distinct().Order())}. {string.Join(", ", collector.Strange)}. {silo.Said}");
        Assert.All(committed, metric =>
        {
            Assert.Equal("LifeRaft", metric.Meter);
            Assert.Equal("s", metric.Unit);
            Assert.Equal("liferaft-silo", metric.Resource["service.name"]);
            Assert.Equal("liferaft", metric.Resource["service.namespace"]);
            Assert.Equal("dev", metric.Resource["service.instance.id"]);
        });
        Assert.Superset(new HashSet<string> { "LifeRaft", "LifeRaft.Silo", "Microsoft.Orleans", "System.Runtime" }, collector.Metrics.Select(metric => metric.Meter).ToHashSet());
        Assert.Empty(collector.Spans);
        Assert.Empty(collector.Strange);
        TestContext.Current.TestOutputHelper?.WriteLine($"{collector.Metrics.Select(metric => metric.Name).Distinct().Count(name => name.StartsWith("liferaft.", StringComparison.Ordinal))} metrics of LifeRaft's");
    }

    [Fact]
    public async Task Traces_arrive_where_they_are_asked_for()
    {
        await using var collector = await Collector.Start();
        await using var silo = Start(collector, OtlpExportProtocol.HttpProtobuf, traces: true, out var place);
        await silo.Ready();
        await Write(place);
        await Wait.For("the collector has a span", () => Task.FromResult(collector.Spans.ToList()), spans => spans.Count > 0, () => $"{string.Join(", ", collector.Strange)}. {silo.Said}");
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", collector.Spans.Distinct().Order()));
        Assert.Empty(collector.Strange);
    }

    private static async Task Write(SiloPlace place)
    {
        await using var client = await SiloClient.Connect([place.GatewayPort]);
        var group = client.Grains.GetRaftGroup("kv/default");
        await Wait.For("the declared group is there", async () => (await client.Grains.GetRaftCluster().Look()).Groups.Any(known => known.Name == "kv/default"), isThere => isThere);
        var store = new KeyValueStore(group);
        for (var i = 0; i < Writes; i++)
        {
            await store.Put($"{i}", "hello"u8.ToArray());
        }
    }

    private SiloProcess Start(Collector collector, OtlpExportProtocol protocol, bool traces, out SiloPlace place)
    {
        place = new SiloPlace(Repository.SiloConfig("dev.json"), _folder.Path)
        {
            More = new Dictionary<string, string>
            {
                ["LIFERAFT_Telemetry__Otlp__Endpoint"] = $"{(protocol == OtlpExportProtocol.Grpc ? collector.GrpcUrl : collector.Http)}",
                ["LIFERAFT_Telemetry__Otlp__Protocol"] = $"{protocol}",
                ["LIFERAFT_Telemetry__Otlp__Interval"] = "1 s",
                ["LIFERAFT_Telemetry__Otlp__Traces"] = traces ? "true" : "false",
            },
        };
        return SiloProcess.Start(place);
    }
}
