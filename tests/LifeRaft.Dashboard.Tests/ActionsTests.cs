using System.Net;
using System.Net.Http.Json;
using System.Text;
using LifeRaft.TestingHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Dashboard.Tests;

/// <summary>Nothing changes from the page unless the host says so, and then only for who may.</summary>
public sealed class ActionsTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    private static readonly string[] _methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    private static readonly string[] _actions = ["transfer", "step-down", "add", "make-voter", "remove", "drain", "resume"];

    private readonly DashboardSetup _allowed = new(Options: options => options.AllowActions("operators"), Services: TestAuthentication.Add);

    [Fact]
    public async Task With_no_authorization_set_up_no_method_on_any_endpoint_changes_anything()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0");
        var before = await Seen();
        var paths = host.Services.GetServices<EndpointDataSource>()
            .SelectMany(source => source.Endpoints)
            .OfType<RouteEndpoint>()
            .Select(endpoint => endpoint.RoutePattern.RawText!.Replace("{**name}", "kv/orders", StringComparison.Ordinal))
            .ToList();
        Assert.Contains("/api/cluster", paths);
        Assert.DoesNotContain(paths, path => path.Contains("api/actions", StringComparison.Ordinal));
        var tried = 0;
        foreach (var path in paths.Concat(_actions.Select(action => $"/api/actions/{action}")))
        {
            foreach (var method in _methods)
            {
                using var request = Request(new HttpMethod(method), path.TrimStart('/'), method is "GET" or "HEAD" or "OPTIONS" ? null : """{"group":"kv/orders","address":"2@Silo_1","silo":"Silo_0"}""");
                request.Headers.Add(TestAuthentication.Header, "operator");
                using var response = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                Assert.True((method == "GET" || (method == "HEAD" && path != "/api/stream")) == response.IsSuccessStatusCode || path.Contains("api/actions", StringComparison.Ordinal), $"{method} {path}: {response.StatusCode}");
                Assert.True(!path.Contains("api/actions", StringComparison.Ordinal) || response.StatusCode == HttpStatusCode.NotFound, $"{method} {path}: {response.StatusCode}");
                tried++;
            }
        }

        Assert.Equal(before, await Seen());
        TestContext.Current.TestOutputHelper?.WriteLine($"{tried} requests to {paths.Count} endpoints and {_actions.Length} that do not exist; before and after: {before}");
    }

    [Fact]
    public async Task Allowed_actions_need_the_policy()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", _allowed);
        var before = await Seen();
        var target = await Follower();
        Assert.Equal(HttpStatusCode.Unauthorized, await Status(host, "transfer", $$"""{"group":"kv/orders","address":"{{target}}"}"""));
        Assert.Equal(HttpStatusCode.Forbidden, await Status(host, "transfer", $$"""{"group":"kv/orders","address":"{{target}}"}""", "reader"));
        Assert.Equal(before, await Seen());
        Assert.Equal(HttpStatusCode.OK, await Status(host, "transfer", $$"""{"group":"kv/orders","address":"{{target}}"}""", "operator"));
        Assert.Equal(target, (await shared.Cluster.WaitForLeader(shared.Group)).Address);
    }

    [Fact]
    public async Task AllowAnonymous_on_the_whole_dashboard_does_not_open_its_actions()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", _allowed with { Conventions = endpoints => endpoints.AllowAnonymous() });
        var before = await Seen();
        foreach (var action in _actions)
        {
            Assert.Equal(HttpStatusCode.Forbidden, await Status(host, action, $$"""{"group":"kv/orders","address":"{{await Follower()}}","silo":"Silo_0"}"""));
        }

        Assert.Equal(before, await Seen());
    }

    [Fact]
    public async Task The_whole_dashboard_can_require_authorization()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", new(Services: TestAuthentication.Add, Conventions: endpoints => endpoints.RequireAuthorization("operators")));
        foreach (var path in new[] { "", "app.mjs", "api/cluster", "api/stream" })
        {
            using var refused = await host.Client.GetAsync(path);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            using var request = Request(HttpMethod.Get, path, null);
            request.Headers.Add(TestAuthentication.Header, "operator");
            using var answer = await host.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Fact]
    public async Task What_another_site_makes_a_browser_send_is_refused()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", _allowed);
        var before = await Seen();
        var body = $$"""{"group":"kv/orders","address":"{{await Follower()}}"}""";
        Assert.Equal(HttpStatusCode.Forbidden, await Send(request => request.Headers.Add("Sec-Fetch-Site", "cross-site")));
        Assert.Equal(HttpStatusCode.Forbidden, await Send(request => request.Headers.Add("Sec-Fetch-Site", "same-site")));
        Assert.Equal(HttpStatusCode.Forbidden, await Send(request => request.Headers.Add("Origin", "https://elsewhere.example")));
        Assert.Equal(HttpStatusCode.Forbidden, await Send(request => request.Headers.Add("Origin", "null")));
        Assert.Equal(HttpStatusCode.Forbidden, await Send(request => request.Headers.Remove("X-LifeRaft-Action")));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await Send(request => request.Content = new StringContent(body, Encoding.UTF8, "text/plain")));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, await Send(request => request.Content = new FormUrlEncodedContent([new("group", "kv/orders")])));
        Assert.Equal(before, await Seen());
        Assert.Equal(HttpStatusCode.OK, await Send(request => request.Headers.Add("Origin", host.Url.GetLeftPart(UriPartial.Authority))));

        async Task<HttpStatusCode> Send(Action<HttpRequestMessage> change)
        {
            using var request = Request(HttpMethod.Post, "api/actions/transfer", body);
            request.Headers.Add(TestAuthentication.Header, "operator");
            change(request);
            using var response = await host.Client.SendAsync(request);
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task Each_action_does_what_it_says_and_says_what_it_did()
    {
        await using var cluster = await Clusters.Start(4);
        var group = cluster.Client.GetRaftGroup("kv/acted");
        await group.Create(["1@Silo_0", "2@Silo_1", "3@Silo_2"]);
        await cluster.WaitForLeader(group);
        await using var host = await DashboardHost.Start(cluster, "Silo_0", _allowed);
        Assert.Equal("4@Silo_3 is a learner of kv/acted.", await Do("add", """{"group":"kv/acted","address":"4@Silo_3","isLearner":true}"""));
        Assert.Contains(await group.Members(), member => member is { Address: "4@Silo_3", IsVoter: false });
        Assert.Equal("4@Silo_3 is a voter of kv/acted.", await Do("make-voter", """{"group":"kv/acted","address":"4@Silo_3"}"""));
        Assert.Contains(await group.Members(), member => member is { Address: "4@Silo_3", IsVoter: true });
        Assert.Equal("4@Silo_3 leads kv/acted.", await Do("transfer", """{"group":"kv/acted","address":"4@Silo_3"}"""));
        Assert.Equal("4@Silo_3", (await cluster.WaitForLeader(group)).Address);
        Assert.Equal("The leader of kv/acted has handed over.", await Do("step-down", """{"group":"kv/acted"}"""));
        Assert.NotEqual("4@Silo_3", (await cluster.WaitForLeader(group)).Address);
        Assert.Equal("4@Silo_3 is no member of kv/acted any more.", await Do("remove", """{"group":"kv/acted","address":"4@Silo_3"}"""));
        Assert.Equal(3, (await group.Members()).Count);
        Assert.Equal("kv/acted has no member 4@Silo_3: nothing was done.", await Do("remove", """{"group":"kv/acted","address":"4@Silo_3"}"""));
        Assert.Equal("Silo_1 leads nothing, until it is resumed or started anew.", await Do("drain", """{"silo":"Silo_1"}"""));
        Assert.True((await cluster.Client.GetRaftCluster().Look()).Silos.Single(silo => silo.Name == "Silo_1").IsDrained);
        Assert.Equal("Silo_1 may lead again.", await Do("resume", """{"silo":"Silo_1"}"""));
        Assert.Equal(HttpStatusCode.NotFound, await Status(host, "add", """{"group":"kv/actd","address":"4@Silo_3"}""", "operator"));
        Assert.DoesNotContain(await cluster.Client.GetRaftGroup("kv/actd").Status(), node => !node.Group.IsNone);
        Assert.Equal(HttpStatusCode.NotFound, await Status(host, "drain", """{"silo":"nowhere"}""", "operator"));
        Assert.Equal(HttpStatusCode.Conflict, await Status(host, "transfer", """{"group":"kv/acted","address":"9@Silo_9"}""", "operator"));
        Assert.Equal(HttpStatusCode.BadRequest, await Status(host, "transfer", """{"group":"kv/acted"}""", "operator"));
        Assert.Equal(HttpStatusCode.BadRequest, await Status(host, "transfer", """{"group":"nonsense","address":"1@Silo_0"}""", "operator"));
        Assert.Equal(HttpStatusCode.BadRequest, await Status(host, "transfer", "{", "operator"));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await Status(host, "transfer", $$"""{"group":"{{new string('x', 5000)}}"}""", "operator"));

        async Task<string> Do(string action, string body)
        {
            using var request = Request(HttpMethod.Post, $"api/actions/{action}", body);
            request.Headers.Add(TestAuthentication.Header, "operator");
            using var response = await host.Client.SendAsync(request);
            var text = await response.Content.ReadAsStringAsync();
            Assert.True(response.IsSuccessStatusCode, text);
            return (await response.Content.ReadFromJsonAsync<ActionResult>())!.Text;
        }
    }

    [Fact]
    public async Task Allowing_actions_without_authorization_or_by_a_policy_that_is_not_there_fails_at_start()
    {
        var none = await Assert.ThrowsAsync<InvalidOperationException>(() => DashboardHost.Start(shared.Cluster, "Silo_0", new(Options: options => options.AllowActions("operators"))));
        Assert.Contains("AddAuthorization", none.Message, StringComparison.Ordinal);
        var unknown = await Assert.ThrowsAsync<InvalidOperationException>(() => DashboardHost.Start(shared.Cluster, "Silo_0", _allowed with { Options = options => options.AllowActions("operaters") }));
        Assert.Contains("'operaters'", unknown.Message.Replace('"', '\''), StringComparison.Ordinal);
        Assert.Contains("does not exist", unknown.Message, StringComparison.Ordinal);
    }

    private async Task<string> Seen() => string.Join("; ", (await shared.Cluster.Status(shared.Group)).Select(node =>
        $"{node.Address} {node.State} term {node.Term} leader {node.Leader} last {node.Last} members {string.Join(",", node.Members.Select(member => $"{member.Address}/{member.IsVoter}"))}"))
        + $"; drained: {string.Join(",", (await shared.Cluster.Client.GetRaftCluster().Look()).Silos.Where(silo => silo.IsDrained).Select(silo => silo.Name))}";

    private async Task<string> Follower()
    {
        var leader = await shared.Cluster.WaitForLeader(shared.Group);
        return leader.Members.First(member => member.Address != leader.Address).Address;
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? body)
    {
        var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Headers.Add("X-LifeRaft-Action", "test");
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        return request;
    }

    private static async Task<HttpStatusCode> Status(DashboardHost host, string action, string body, string? user = null)
    {
        using var request = Request(HttpMethod.Post, $"api/actions/{action}", body);
        if (user is not null)
        {
            request.Headers.Add(TestAuthentication.Header, user);
        }

        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }
}
