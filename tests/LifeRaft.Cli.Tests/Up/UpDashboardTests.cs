using System.Net;
using System.Text;

namespace LifeRaft.Cli.Tests.Up;

/// <summary>Who may ask the dashboard of <c>up</c> to do something.</summary>
public sealed class UpDashboardTests(OneSilo silo) : IClassFixture<OneSilo>
{
    [Fact]
    public async Task A_page_whose_name_was_bound_to_this_machine_neither_reads_nor_acts()
    {
        await using var dashboard = await UpDashboard.Start(silo.Cluster.Grains, port: 0, allowActions: true, TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(dashboard.Url) };
        var port = client.BaseAddress.Port;
        Assert.Equal(HttpStatusCode.NotFound, await Ask(HttpMethod.Get, "/api/cluster", $"evil.example:{port}"));
        Assert.Equal(HttpStatusCode.NotFound, await Ask(HttpMethod.Post, "/api/actions/drain", $"evil.example:{port}"));
        Assert.False((await silo.Cluster.Grains.GetRaftCluster().Look(TestContext.Current.CancellationToken)).Silos.Single().IsDrained);
        Assert.Equal(HttpStatusCode.OK, await Ask(HttpMethod.Get, "/api/cluster", $"localhost:{port}"));
        Assert.Equal(HttpStatusCode.OK, await Ask(HttpMethod.Post, "/api/actions/resume", $"127.0.0.1:{port}"));

        async Task<HttpStatusCode> Ask(HttpMethod method, string path, string host)
        {
            using var request = new HttpRequestMessage(method, path);
            request.Headers.Host = host;
            if (method == HttpMethod.Post)
            {
                request.Headers.Add("Origin", $"http://{host}");
                request.Headers.Add("Sec-Fetch-Site", "same-origin");
                request.Headers.Add("X-LifeRaft-Action", "1");
                request.Content = new StringContent("""{"silo":"silo-1"}""", Encoding.UTF8, "application/json");
            }

            using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
    }
}
