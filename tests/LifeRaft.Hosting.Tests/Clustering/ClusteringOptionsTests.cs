using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Hosting;
using Orleans.Messaging;

namespace LifeRaft.Hosting.Tests;

/// <summary>What is wrong with the options of the clustering is said at once, all of it.</summary>
public sealed class ClusteringOptionsTests
{
    [Fact]
    public void Three_voters_and_nothing_else_will_do() => Assert.Empty(Problems(Three()));

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(5, true)]
    [InlineData(7, false)]
    public void There_are_1_3_or_5_voters(int count, bool isValid)
    {
        var options = new LifeRaftClusteringOptions();
        for (var number = 1; number <= count; number++)
        {
            options.Voters[$"silo-{number}"] = $"127.0.0.1:{12110 + number}";
        }

        Assert.Equal(isValid, Problems(options).Count == 0);
    }

    [Theory]
    [InlineData("127.0.0.1:12111", "127.0.0.1", 12111)]
    [InlineData("silo-1:12111", "silo-1", 12111)]
    [InlineData("silo-1.liferaft.svc.cluster.local:1", "silo-1.liferaft.svc.cluster.local", 1)]
    [InlineData("[::1]:12111", "::1", 12111)]
    public void An_endpoint_is_a_host_and_a_port(string text, string host, int port)
    {
        Assert.True(VoterEndPoint.TryParse(text, out var endPoint));
        Assert.Equal((host, port), (endPoint.Host, endPoint.Port));
        Assert.Equal(text, endPoint.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("silo-1")]
    [InlineData("silo-1:")]
    [InlineData(":12111")]
    [InlineData("silo-1:0")]
    [InlineData("silo-1:70000")]
    [InlineData("silo-1:-5")]
    [InlineData("::1:12111")]
    [InlineData("a b:12111")]
    public void Anything_else_is_none(string text) => Assert.False(VoterEndPoint.TryParse(text, out _));

    [Fact]
    public void All_problems_are_listed()
    {
        var options = Three();
        options.Voters["silo/3"] = "127.0.0.1";
        options.Voters["silo-2"] = "127.0.0.1:12111";
        options.RequestTimeout = TimeSpan.Zero;
        options.Heartbeat = TimeSpan.FromSeconds(5);
        options.AuthenticateAsServer = () => new();
        var problems = Problems(options);
        Assert.Contains(problems, problem => problem.Contains("1, 3 or 5", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("'silo/3' contains '/'", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("Voters['silo/3'] is '127.0.0.1'", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("'silo-1' and 'silo-2' have the same endpoint", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("RequestTimeout", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("Heartbeat (", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.Contains("AuthenticateAsClient", StringComparison.Ordinal));
    }

    [Fact]
    public void A_section_is_read_with_its_voters()
    {
        var options = Bind(
            ("Clustering:LifeRaft:voters:silo-1", "silo-1:12111"), ("Clustering:LifeRaft:Voters:silo-2", "silo-2:12111"), ("Clustering:LifeRaft:Voters:silo-3", "silo-3:12111"),
            ("Clustering:LifeRaft:ListenOnAnyAddress", "true"), ("Clustering:LifeRaft:requestTimeout", "3 s"), ("Clustering:LifeRaft:Heartbeat", "50"));
        Assert.Equal(["silo-1", "silo-2", "silo-3"], options.Voters.Keys.Order());
        Assert.Equal("silo-2:12111", options.Voters["silo-2"]);
        Assert.True(options.ListenOnAnyAddress);
        Assert.Equal(TimeSpan.FromSeconds(3), options.RequestTimeout);
        Assert.Equal(TimeSpan.FromMilliseconds(50), options.Heartbeat);
    }

    /// <summary>One section for silos and clients: what the silos alone need is read by clients, too, and does no harm.</summary>
    [Fact]
    public async Task A_client_reads_the_section_of_the_silos()
    {
        using var client = Client(
            ("Clustering:LifeRaft:Voters:silo-1", "silo-1:12111"), ("Clustering:LifeRaft:Voters:silo-2", "silo-2:12111"), ("Clustering:LifeRaft:Voters:silo-3", "silo-3:12111"),
            ("Clustering:LifeRaft:ListenOnAnyAddress", "true"), ("Clustering:LifeRaft:RequestTimeout", "3 s"));
        var options = client.Services.GetRequiredService<IOptions<LifeRaftClusteringOptions>>().Value;
        Assert.Equal(["silo-1:12111", "silo-2:12111", "silo-3:12111"], options.Voters.Values.Order());
        Assert.Equal(TimeSpan.FromSeconds(3), options.RequestTimeout);
        await using var gateways = Assert.IsType<LifeRaftGatewayListProvider>(client.Services.GetRequiredService<IGatewayListProvider>());
        Assert.True(gateways.IsUpdatable);
    }

    [Theory]
    [InlineData("Clustering:LifeRaft:Voter:silo-1", "silo-1:12111", "Clustering:LifeRaft:Voter is no option")]
    [InlineData("Clustering:LifeRaft:RequestTimeout", "soon", "Clustering:LifeRaft:RequestTimeout")]
    [InlineData("Clustering:LifeRaft:Voters:silo-1", "silo-1", "'silo-1'")]
    [InlineData("Clustering:Other", "x", "1, 3 or 5")]
    public async Task A_client_with_a_section_that_is_wrong_does_not_start(string key, string value, string expected)
    {
        using var client = Client((key, value));
        var failure = await Assert.ThrowsAnyAsync<OptionsValidationException>(() => client.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains(expected, string.Join(" ", failure.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_that_are_unknown_are_named_with_what_was_probably_meant()
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Bind(("Clustering:LifeRaft:Voter:silo-1", "a:1"), ("Clustering:LifeRaft:ListenOnAny", "x"), ("Clustering:LifeRaft:Heartbeat", "soon")));
        Assert.Equal(3, failure.Failures.Count());
        Assert.Contains(failure.Failures, problem => problem.Contains("Clustering:LifeRaft:Voter is no option", StringComparison.Ordinal) && problem.Contains("'Voters'", StringComparison.Ordinal));
        Assert.Contains(failure.Failures, problem => problem.Contains("'ListenOnAnyAddress'", StringComparison.Ordinal));
    }

    [Fact]
    public void Voters_that_are_no_object_are_refused() =>
        Assert.Contains("silo-1", Assert.Single(Assert.Throws<OptionsValidationException>(() => Bind(("Clustering:LifeRaft:Voters", "127.0.0.1:12111"))).Failures), StringComparison.Ordinal);

    private static LifeRaftClusteringOptions Three()
    {
        var options = new LifeRaftClusteringOptions();
        for (var number = 1; number <= 3; number++)
        {
            options.Voters[$"silo-{number}"] = $"127.0.0.1:{12110 + number}";
        }

        return options;
    }

    private static List<string> Problems(LifeRaftClusteringOptions options) =>
        [.. new LifeRaftClusteringOptionsValidator().Validate(null, options).Failures ?? []];

    private static LifeRaftClusteringOptions Bind(params (string Key, string Value)[] settings)
    {
        var options = new LifeRaftClusteringOptions();
        LifeRaftClusteringOptionsBinder.Bind(Section(settings), options);
        return options;
    }

    private static IHost Client(params (string Key, string Value)[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.UseOrleansClient(client => client.UseLifeRaftClustering(Section(settings)));
        return builder.Build();
    }

    private static IConfigurationSection Section((string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => (string?)setting.Value)).Build().GetSection("Clustering:LifeRaft");
}
