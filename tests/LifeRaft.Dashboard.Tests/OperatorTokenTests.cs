using System.Net;
using System.Text;
using LifeRaft.TestingHost;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Dashboard.Tests;

/// <summary>Where the host lets operators in by a token, it opens to nothing else.</summary>
public sealed class OperatorTokenTests(SharedCluster shared) : IClassFixture<SharedCluster>
{
    internal const string Token = "0123456789abcdef0123456789ABCDEF";
    private const string Another = "0123456789abcdef0123456789ABCDEf";
    private static readonly string[] _actions = ["transfer", "step-down", "add", "make-voter", "remove", "drain", "resume"];

    internal static DashboardSetup ByToken { get; } = new(Options: options => options.AllowActionsByToken(), Services: services => services.AddLifeRaftOperatorToken(new OperatorToken(Token)));

    public static TheoryData<string> NoTokens => ["", $"Bearer {Another}", "Bearer ", "Bearer", $"Bearer {Token[..^1]}", $"Bearer {Token}0", $"Basic {Token}", Token, $"Bearer {Token}, Bearer {Token}"];

    [Theory]
    [MemberData(nameof(NoTokens))]
    public async Task Nothing_but_the_token_changes_anything(string authorization)
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", ByToken);
        var before = await Seen();
        foreach (var action in _actions)
        {
            using var response = await Send(host, action, authorization);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer", Assert.Single(response.Headers.WwwAuthenticate).Scheme);
            Assert.DoesNotContain(Token, await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var asked = await Ask(host, authorization);
        Assert.Equal(HttpStatusCode.Unauthorized, asked.StatusCode);
        Assert.Equal(before, await Seen());
    }

    [Fact]
    public async Task The_token_in_a_cookie_or_in_the_address_is_none()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", ByToken);
        var before = await Seen();
        using var inAddress = await Send(host, $"step-down?access_token={Token}&token={Token}", authorization: null);
        Assert.Equal(HttpStatusCode.Unauthorized, inAddress.StatusCode);
        using var inCookie = await Send(host, "step-down", authorization: null, request => request.Headers.Add("Cookie", $"access_token={Token}; Authorization=Bearer {Token}"));
        Assert.Equal(HttpStatusCode.Unauthorized, inCookie.StatusCode);
        Assert.False(inCookie.Headers.Contains("Set-Cookie"));
        Assert.Equal(before, await Seen());
    }

    [Fact]
    public async Task With_the_token_an_action_is_carried_out()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", ByToken);
        using var asked = await Ask(host, $"Bearer {Token}");
        Assert.Equal("""{"name":"operator at 127.0.0.1"}""", await asked.Content.ReadAsStringAsync());
        var target = await Follower();
        using var done = await Send(host, "transfer", $"Bearer {Token}", address: target);
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Equal(target, (await shared.Cluster.WaitForLeader(shared.Group)).Address);
    }

    /// <summary>A form of another site cannot send the header, and a script of it asks first, which is not answered; should one of them come nevertheless, it is refused.</summary>
    [Fact]
    public async Task Another_site_gets_no_leave_to_send_the_token_and_would_be_refused_with_it()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", ByToken);
        var before = await Seen();
        using var question = new HttpRequestMessage(HttpMethod.Options, "api/actions/transfer");
        question.Headers.Add("Origin", "https://elsewhere.example");
        question.Headers.Add("Access-Control-Request-Method", "POST");
        question.Headers.Add("Access-Control-Request-Headers", "authorization,content-type,x-liferaft-action");
        using var answer = await host.Client.SendAsync(question);
        Assert.False(answer.IsSuccessStatusCode);
        Assert.DoesNotContain(answer.Headers, header => header.Key.StartsWith("Access-Control-", StringComparison.OrdinalIgnoreCase));

        using var foreign = await Send(host, "step-down", $"Bearer {Token}", request => request.Headers.Add("Sec-Fetch-Site", "cross-site"));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.Equal(before, await Seen());
    }

    [Fact]
    public async Task Who_is_known_to_the_host_otherwise_is_no_operator()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", ByToken with
        {
            Services = services =>
            {
                TestAuthentication.Add(services);
                services.AddAuthorization(options => options.AddPolicy("readers", policy => policy.AddAuthenticationSchemes("test").RequireRole("operator")));
                ByToken.Services!(services);
            },
            Conventions = endpoints => endpoints.RequireAuthorization("readers"),
        });
        var before = await Seen();
        using var known = await Send(host, "step-down", authorization: null, request => request.Headers.Add(TestAuthentication.Header, "operator"));
        Assert.Equal(HttpStatusCode.Forbidden, known.StatusCode);
        Assert.Equal(before, await Seen());

        // Both conditions of the host count.
        using var unknown = await Ask(host, $"Bearer {Token}");
        Assert.Equal(HttpStatusCode.Forbidden, unknown.StatusCode);
        using var both = await Ask(host, $"Bearer {Token}", request => request.Headers.Add(TestAuthentication.Header, "operator"));
        Assert.Equal(HttpStatusCode.OK, both.StatusCode);
    }

    [Fact]
    public async Task AllowAnonymous_on_the_whole_dashboard_does_not_open_it()
    {
        await using var host = await DashboardHost.Start(shared.Cluster, "Silo_0", ByToken with { Conventions = endpoints => endpoints.AllowAnonymous() });
        var before = await Seen();
        foreach (var action in _actions)
        {
            using var response = await Send(host, action, authorization: null);
            Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        }

        using var asked = await Ask(host, authorization: null);
        Assert.Equal(HttpStatusCode.Forbidden, asked.StatusCode);
        Assert.Equal(before, await Seen());
    }

    [Fact]
    public async Task A_host_without_a_token_does_not_start()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => DashboardHost.Start(shared.Cluster, "Silo_0", ByToken with { Services = TestAuthentication.Add }));
        Assert.Contains("AddLifeRaftOperatorToken", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it has 0 characters, but must have 32 to 1024.")]
    [InlineData("0123456789abcdef0123456789abcde", "it has 31 characters, but must have 32 to 1024.")]
    [InlineData("0123456789abcdef0123456789abcde ", "it has a character that cannot be sent. Letters, digits and -._~+/= can be.")]
    [InlineData("0123456789abcdef0123456789abcdeé", "it has a character that cannot be sent. Letters, digits and -._~+/= can be.")]
    public void A_token_that_is_none_is_refused_and_not_repeated(string token, string problem)
    {
        Assert.Equal(problem, OperatorToken.ProblemOf(token));
        var failure = Assert.Throws<ArgumentException>(() => new OperatorToken(token));
        Assert.True(token.Length == 0 || !failure.Message.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public void A_token_of_any_allowed_character_and_length_is_taken()
    {
        Assert.Null(OperatorToken.ProblemOf("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~+/="));
        Assert.Null(OperatorToken.ProblemOf(new string('x', 1024)));
        Assert.NotNull(OperatorToken.ProblemOf(new string('x', 1025)));
    }

    [Fact]
    public void Wrong_tokens_are_noted_once_in_ten_seconds_with_their_number()
    {
        var (clock, log) = (new SetClock(), new LinesLogger<WrongTokens>());
        var wrong = new WrongTokens(clock, log);
        for (var second = 0; second < 25; second++)
        {
            clock.Seconds = second;
            wrong.Note(IPAddress.Loopback);
        }

        Assert.Equal(
            ["1 times since this was said last; now from 127.0.0.1.", "10 times since this was said last; now from 127.0.0.1.", "10 times since this was said last; now from 127.0.0.1."],
            log.Lines.Select(line => line[(line.IndexOf(',', StringComparison.Ordinal) + 2)..]));
    }

    private async Task<string> Seen() => string.Join("; ", (await shared.Cluster.Status(shared.Group)).Select(node =>
        $"{node.Address} {node.State} term {node.Term} leader {node.Leader} last {node.Last} members {string.Join(",", node.Members.Select(member => $"{member.Address}/{member.IsVoter}"))}"))
        + $"; drained: {string.Join(",", (await shared.Cluster.Client.GetRaftCluster().Look()).Silos.Where(silo => silo.IsDrained).Select(silo => silo.Name))}";

    private async Task<string> Follower()
    {
        var leader = await shared.Cluster.WaitForLeader(shared.Group);
        return leader.Members.First(member => member.Address != leader.Address).Address;
    }

    private async Task<HttpResponseMessage> Send(DashboardHost host, string action, string? authorization, Action<HttpRequestMessage>? change = null, string? address = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"api/actions/{action}")
        {
            Content = new StringContent($$"""{"group":"kv/orders","address":"{{address ?? await Follower()}}","silo":"Silo_0"}""", Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-LifeRaft-Action", action);
        return await Send(host, request, authorization, change);
    }

    private static async Task<HttpResponseMessage> Ask(DashboardHost host, string? authorization, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "api/operator");
        return await Send(host, request, authorization, change);
    }

    private static Task<HttpResponseMessage> Send(DashboardHost host, HttpRequestMessage request, string? authorization, Action<HttpRequestMessage>? change)
    {
        if (!string.IsNullOrEmpty(authorization))
        {
            Assert.True(request.Headers.TryAddWithoutValidation("Authorization", authorization));
        }

        change?.Invoke(request);
        return host.Client.SendAsync(request);
    }
}
