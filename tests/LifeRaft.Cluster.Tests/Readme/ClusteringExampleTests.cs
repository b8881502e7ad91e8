using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Cluster.Tests;

public sealed class ClusteringExampleTests
{
    [Fact]
    public async Task Three_silos_of_the_readme_form_a_cluster()
    {
        var data = Directory.CreateTempSubdirectory("liferaft-test-");
        string[] names = ["silo-1", "silo-2", "silo-3"];
        var voters = names.ToDictionary(name => $"Clustering:LifeRaft:Voters:{name}", _ => (string?)$"127.0.0.1:{FreePort.Low()}");
        var silos = names.Select(name =>
        {
            var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
            builder.Logging.SetMinimumLevel(LogLevel.None);
            builder.Configuration.AddInMemoryCollection(voters);
            return ClusteringExample.Silo(builder, name, IPAddress.Loopback, FreePort.Low(), FreePort.Low(), data.FullName);
        }).ToList();
        await Task.WhenAll(silos.Select(silo => silo.StartAsync(TestContext.Current.CancellationToken)));

        var group = silos[2].Services.GetRequiredService<IGrainFactory>().GetRaftGroup("kv/orders");
        await group.Create([.. names.Select((name, index) => $"{index + 1}@{name}")]);
        Assert.Equal(3, (await group.Members()).Count);

        foreach (var silo in silos)
        {
            await silo.StopAsync(TestContext.Current.CancellationToken);
            silo.Dispose();
        }

        data.Delete(recursive: true);
    }
}
