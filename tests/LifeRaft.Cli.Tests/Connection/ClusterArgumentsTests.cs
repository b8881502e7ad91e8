using System.CommandLine;

namespace LifeRaft.Cli.Tests.Connection;

/// <summary>Which cluster is meant: the command line wins over the environment, and that over what is usual.</summary>
public sealed class ClusterArgumentsTests
{
    [Fact]
    public void Without_anything_it_is_the_local_silo()
    {
        var settings = Read([], []);
        Assert.Equal(("127.0.0.1:30000", "liferaft", "liferaft", TimeSpan.FromSeconds(10)), (settings.GatewayList, settings.ClusterId, settings.ServiceId, settings.Timeout));
        Assert.Null(settings.Tls);
    }

    [Fact]
    public void The_environment_says_otherwise()
    {
        var settings = Read([], new() { ["LIFERAFT_GATEWAYS"] = "a:1, b:2", ["LIFERAFT_CLUSTER_ID"] = "c", ["LIFERAFT_SERVICE_ID"] = "s", ["LIFERAFT_TIMEOUT"] = "3s" });
        Assert.Equal(("a:1, b:2", "c", "s", TimeSpan.FromSeconds(3)), (settings.GatewayList, settings.ClusterId, settings.ServiceId, settings.Timeout));
    }

    [Fact]
    public void The_command_line_has_the_last_word()
    {
        var settings = Read(
            ["--gateway", "x:1", "-g", "y:2", "--cluster-id", "cc", "--service-id", "ss", "--timeout", "1.5s", "--tls-authority", "ca.pem"],
            new() { ["LIFERAFT_GATEWAYS"] = "a:1", ["LIFERAFT_CLUSTER_ID"] = "c", ["LIFERAFT_SERVICE_ID"] = "s", ["LIFERAFT_TIMEOUT"] = "3s" });
        Assert.Equal(("x:1, y:2", "cc", "ss", TimeSpan.FromSeconds(1.5)), (settings.GatewayList, settings.ClusterId, settings.ServiceId, settings.Timeout));
        Assert.Equal(new TlsFiles("ca.pem", null, null, null), settings.Tls);
    }

    [Fact]
    public void A_bad_environment_and_a_key_without_its_certificate_are_misuse()
    {
        Assert.Contains("LIFERAFT_GATEWAYS: 'a:b' is no gateway", Assert.Throws<MisuseException>(() => Read([], new() { ["LIFERAFT_GATEWAYS"] = "a:b" })).Message, StringComparison.Ordinal);
        Assert.Contains("LIFERAFT_TIMEOUT: '5' is no duration", Assert.Throws<MisuseException>(() => Read([], new() { ["LIFERAFT_TIMEOUT"] = "5" })).Message, StringComparison.Ordinal);
        Assert.Contains("LIFERAFT_TIMEOUT is from 1 ms to 1 d", Assert.Throws<MisuseException>(() => Read([], new() { ["LIFERAFT_TIMEOUT"] = "2d" })).Message, StringComparison.Ordinal);
        Assert.Contains("--tls-certificate", Assert.Throws<MisuseException>(() => Read(["--tls-key", "k.pem"], [])).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("'5' is no duration: it has no unit", "--timeout", "5")]
    [InlineData("--timeout is from 1 ms to 1 d, not '2 d'", "--timeout", "2 d")]
    [InlineData("--gateway: 'a:b' is no gateway", "--gateway", "a:b")]
    public void Bad_options_say_what_is_wrong(string reason, params string[] arguments) =>
        Assert.Contains(reason, string.Join('\n', Parse(arguments).Errors.Select(error => error.Message)), StringComparison.Ordinal);

    private static ClusterSettings Read(string[] arguments, Dictionary<string, string> environment)
    {
        var parsed = Parse(arguments);
        Assert.Empty(parsed.Errors);
        return ClusterArguments.Read(parsed, name => environment.GetValueOrDefault(name));
    }

    private static ParseResult Parse(string[] arguments)
    {
        var root = new RootCommand("test");
        ClusterArguments.AddTo(root);
        return root.Parse(arguments);
    }
}
