using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LifeRaft.Cluster.Tests;

/// <summary>A silo whose storage is said in its configuration only.</summary>
public sealed class ConfiguredStorageTests
{
    [Fact]
    public async Task A_grain_storage_works_by_configuration_alone()
    {
        using var host = Host($$"""
            {
              "Orleans": {
                "ClusterId": "configured",
                "ServiceId": "configured",
                "Name": "silo-a",
                "Endpoints": { "AdvertisedIPAddress": "127.0.0.1", "SiloPort": {{FreePort.Next()}}, "GatewayPort": 0 },
                "Clustering": { "ProviderType": "Development" },
                "GrainStorage": { "Default": { "ProviderType": "LifeRaft", "Groups": 2, "Members": 1, "Timeout": "20 s" } }
              }
            }
            """);
        await host.StartAsync(TestContext.Current.CancellationToken);
        var visits = host.Services.GetRequiredService<IGrainFactory>().GetGrain<IVisits>(1);
        Assert.Equal(1, await visits.Increment());
        Assert.Equal(2, await visits.Increment());
        var group = host.Services.GetRequiredService<IGrainFactory>().GetRaftGroup("grain-state/Default-1");
        Assert.Equal("1@silo-a", Assert.Single(await group.Members(TestContext.Current.CancellationToken)).Address);
        await host.StopAsync(TestContext.Current.CancellationToken);
    }

    private static IHost Host(string json)
    {
        var host = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        host.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        host.UseOrleans(static silo => silo.AddLifeRaft(static raft => raft.UseInMemoryLog()));
        return host.Build();
    }
}
