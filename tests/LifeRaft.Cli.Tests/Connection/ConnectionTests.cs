using System.Net;
using System.Net.Sockets;

namespace LifeRaft.Cli.Tests.Connection;

/// <summary>How the tool gets at a cluster, and what it says when it does not.</summary>
public sealed class ConnectionTests
{
    private static readonly ClusterSettings _usual = new([new Gateway("127.0.0.1", 30_000)], "liferaft", "liferaft", null, TimeSpan.FromSeconds(10));

    [Fact]
    public async Task One_gateway_that_answers_is_enough()
    {
        await using var cluster = await CliCluster.Start(1);
        var settings = _usual with { Gateways = [new Gateway("127.0.0.1", FreePort.Next()), new Gateway("localhost", cluster.GatewayPort(1))] };
        await using var connection = await ClusterConnection.Open(settings, TestContext.Current.CancellationToken);
        Assert.Equal(["silo-1"], await connection.Group("kv/any").Silos(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_cluster_that_cannot_be_reached_is_told_of_gateway_by_gateway()
    {
        var (one, other) = (FreePort.Next(), FreePort.Next());
        var settings = _usual with { Gateways = [new Gateway("127.0.0.1", one), new Gateway("127.0.0.1", other)] };
        var failure = await Assert.ThrowsAsync<UnreachableException>(() => ClusterConnection.Open(settings, TestContext.Current.CancellationToken));
        Assert.Equal(
            $"No silo can be reached: 127.0.0.1:{one} (connection refused), 127.0.0.1:{other} (connection refused). "
            + "Start one, or name the gateway of one that runs with --gateway or LIFERAFT_GATEWAYS.",
            failure.Message);
    }

    [Fact]
    public async Task All_addresses_of_a_name_are_tried_and_it_is_told_of_once()
    {
        var port = FreePort.Next();
        var settings = _usual with { Gateways = [new Gateway("localhost", port)] };
        var addresses = await Dns.GetHostAddressesAsync("localhost", TestContext.Current.CancellationToken);
        Assert.Equal(addresses.Distinct(), (await GatewayAddresses.Find(settings, TestContext.Current.CancellationToken)).Keys.Select(endpoint => endpoint.Address));

        IPEndPoint[] both = [new(IPAddress.Loopback, port), new(IPAddress.IPv6Loopback, port)];
        var failure = Unreachability.Explain(settings, both.ToDictionary(endpoint => endpoint, _ => settings.Gateways[0]), both.ToDictionary(endpoint => endpoint, _ => (string?)"connection refused"), failure: null);
        Assert.StartsWith($"No silo can be reached: localhost:{port} (connection refused). Start one", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_nobody_knows_is_told_of()
    {
        var settings = _usual with { Gateways = [new Gateway("no-such-host.invalid", 1)] };
        var failure = await Assert.ThrowsAsync<UnreachableException>(() => ClusterConnection.Open(settings, TestContext.Current.CancellationToken));
        Assert.Contains("no address is known for no-such-host.invalid", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Somebody_who_listens_and_says_nothing_is_given_up_in_time()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var port = ((IPEndPoint)mute.LocalEndpoint).Port;
        var settings = _usual with { Gateways = [new Gateway("127.0.0.1", port)], Timeout = TimeSpan.FromMilliseconds(500) };
        var failure = await Assert.ThrowsAsync<UnreachableException>(() => ClusterConnection.Open(settings, TestContext.Current.CancellationToken)).WaitAsync(Wait.Patience, TestContext.Current.CancellationToken);
        Assert.Contains($"127.0.0.1:{port} (answers), but the connection did not come about within 500 ms", failure.Message, StringComparison.Ordinal);
        Assert.Contains("without TLS?", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silo_of_another_cluster_is_not_taken_for_one_of_this()
    {
        await using var cluster = await CliCluster.Start(1);
        var settings = _usual with { Gateways = [new Gateway("127.0.0.1", cluster.GatewayPort(1))], ClusterId = "another", Timeout = TimeSpan.FromSeconds(5) };
        var failure = await Assert.ThrowsAsync<UnreachableException>(() => ClusterConnection.Open(settings, TestContext.Current.CancellationToken));
        Assert.Contains("of the cluster 'another'", failure.Message, StringComparison.Ordinal);
    }
}
