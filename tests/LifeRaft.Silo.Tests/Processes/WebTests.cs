using System.Net;

namespace LifeRaft.Silo.Tests;

/// <summary>What else a silo serves: numbers for Prometheus and the page for operators.</summary>
public sealed class WebTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_serves_metrics_and_the_dashboard()
    {
        var place = new SiloPlace(Repository.SiloConfig("dev.json"), _folder.Path);
        await using var silo = SiloProcess.Start(place);
        await silo.Ready();
        await using var client = await SiloClient.Connect([place.GatewayPort]);
        await new KeyValueStore(client.Grains.GetRaftGroup("kv/default")).Put("greeting", "hello"u8.ToArray());

        var metrics = await silo.Get("/metrics");
        Assert.Contains("orleans_", metrics, StringComparison.Ordinal);
        Assert.Contains("dotnet_process_cpu_time", metrics, StringComparison.Ordinal);
        Assert.Contains("service_instance_id=\"dev\"", metrics, StringComparison.Ordinal);

        Assert.Contains("<html", await silo.Get("/"), StringComparison.OrdinalIgnoreCase);
        var cluster = await Wait.For("the page shows the group", () => silo.Get("/api/cluster"), json => json.Contains("kv/default", StringComparison.Ordinal), () => silo.Said);
        Assert.Contains("\"dev\"", cluster, StringComparison.Ordinal);

        // The page of another site whose name leads here may not read it through its visitor's browser.
        Assert.Equal(HttpStatusCode.OK, await silo.StatusAs("localhost", "/api/cluster"));
        Assert.Equal(HttpStatusCode.OK, await silo.StatusAs("[::1]:8080", "/api/cluster"));
        Assert.Equal(HttpStatusCode.BadRequest, await silo.StatusAs("rebound.example", "/api/cluster"));
    }

    [Fact]
    public async Task What_is_turned_off_is_not_there()
    {
        var place = new SiloPlace(Repository.SiloConfig("dev.json"), _folder.Path);
        await using var silo = SiloProcess.Start(place, "--Telemetry:Prometheus=false", "--Dashboard:Enabled=false");
        await silo.Ready();
        Assert.Equal(HttpStatusCode.NotFound, await silo.Status("/metrics"));
        Assert.Equal(HttpStatusCode.NotFound, await silo.Status("/"));
    }
}
