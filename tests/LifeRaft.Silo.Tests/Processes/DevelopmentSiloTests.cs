using System.Net;
using System.Text;

namespace LifeRaft.Silo.Tests;

/// <summary><c>silo-config/dev.json</c> as a process.</summary>
public sealed class DevelopmentSiloTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_forms_its_groups_commits_a_write_and_keeps_it_over_a_restart()
    {
        var place = new SiloPlace(Repository.SiloConfig("dev.json"), _folder.Path);
        await using (var silo = SiloProcess.Start(place))
        {
            await silo.Ready();
            await using var client = await SiloClient.Connect([place.GatewayPort]);
            await new KeyValueStore(client.Grains.GetRaftGroup("kv/default")).Put("greeting", "hello"u8.ToArray());
            await using (var held = await client.Grains.GetRaftLocks("lock/default").Acquire("door"))
            {
                Assert.True(held.FencingToken > default(FencingToken));
            }

            silo.Terminate();
            Assert.Equal(0, await silo.Ended());
        }

        await using var again = SiloProcess.Start(place);
        await again.Ready();
        await using var reader = await SiloClient.Connect([place.GatewayPort]);
        var entry = await new KeyValueStore(reader.Grains.GetRaftGroup("kv/default")).Get("greeting");
        Assert.Equal("hello", Encoding.UTF8.GetString(entry!.Value.Span));
    }

    [Fact]
    public async Task It_is_ready_only_while_it_serves_and_lives_until_it_is_gone()
    {
        var place = new SiloPlace(Repository.SiloConfig("dev.json"), _folder.Path);
        await using var silo = SiloProcess.Start(place);
        var first = await Wait.For("the web server answers", () => silo.Status("/health/ready"), status => status is not null, () => silo.Said);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, first);

        await silo.Ready();
        Assert.Equal(HttpStatusCode.OK, await silo.Status("/health/startup"));
        Assert.Equal(HttpStatusCode.OK, await silo.Status("/health/live"));
        Assert.Contains("\"silo\": \"dev\"", await silo.Get("/health/live"), StringComparison.Ordinal);

        silo.Terminate();
        var seen = new List<(HttpStatusCode? Ready, HttpStatusCode? Live)>();
        await Wait.For(
            "the web server has gone",
            async () =>
            {
                seen.Add((await silo.Status("/health/ready"), await silo.Status("/health/live")));
                return seen[^1];
            },
            status => status is (null, null),
            () => silo.Said);
        Assert.Contains(seen, status => status is (HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK));
        Assert.DoesNotContain(seen, status => status.Live == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(0, await silo.Ended());
    }
}
