using System.Security.Cryptography.X509Certificates;
using System.Text;
using Orleans.Configuration;
using Orleans.Hosting;

namespace LifeRaft.Silo.Tests;

/// <summary>Three silos that keep their membership themselves, all of it over TLS: between silos, voters and clients, and with the tool.</summary>
public sealed class TlsClusterTests : IAsyncLifetime
{
    private readonly TestAuthority _authority = new("cluster");
    private readonly TestAuthority _stranger = new("stranger");
    private readonly X509Certificate2 _client;
    private ThreeSilos _silos = null!;

    public TlsClusterTests() => _client = _authority.Issue("client");

    public async ValueTask InitializeAsync() => _silos = await ThreeSilos.Start(new Dictionary<string, string> { ["LIFERAFT_Tls__ServerName"] = ThreeSilos.SilosName }, _authority);

    public async ValueTask DisposeAsync()
    {
        if (_silos is not null)
        {
            await _silos.DisposeAsync();
        }

        _client.Dispose();
        _authority.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task Who_has_a_certificate_of_the_authority_is_let_in_everywhere_and_nobody_else_at_the_voters()
    {
        await using (var client = await Find(_client))
        {
            await new KeyValueStore(client.Grains.GetRaftGroup("kv/default")).Put("greeting", "hello"u8.ToArray());
        }

        using var foreign = _stranger.Issue("client");
        foreach (var port in _silos.VoterPorts)
        {
            await Strangers.AreRefused(port, foreign);
            await Strangers.AreRefused(port, certificate: null);
            await Strangers.AreRefusedWithoutTls(port);
        }

        // The same clients as above, but for what they show the voters: they speak as the voters expect, and get no answer.
        var failure = await Assert.ThrowsAsync<GroupUnavailableException>(() => Find(foreign));
        Assert.Contains("'silo-1': it ended the connection before it answered; does it want another certificate, or no TLS?", failure.Message, StringComparison.Ordinal);
        failure = await Assert.ThrowsAsync<GroupUnavailableException>(() => Find(toVoters: null));
        Assert.Contains("'silo-1': it ended the connection before it answered; does it want TLS?", failure.Message, StringComparison.Ordinal);

        // The silos are well: it is they who were refused.
        await using (var client = await Find(_client))
        {
            var entry = await new KeyValueStore(client.Grains.GetRaftGroup("kv/default")).Get("greeting");
            Assert.Equal("hello", Encoding.UTF8.GetString(entry!.Value.Span));
        }
    }

    [Fact]
    public async Task The_tool_reaches_it_with_a_certificate_and_says_what_is_missing_without()
    {
        var files = CertificateFiles.Give(_silos.Folder, _authority, "operator");
        var (certificate, key, authority) = (files["LIFERAFT_Tls__CertificateFile"], files["LIFERAFT_Tls__KeyFile"], files["LIFERAFT_Tls__AuthorityFile"]);
        using var theirs = _stranger.Issue("operator");
        var foreign = _silos.Folder.Write("foreign.pem", theirs.ExportCertificatePem() + "\n" + theirs.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        var foreignAuthority = _silos.Folder.Write("stranger.pem", _stranger.Pem);

        var status = await Wait.For(
            "the tool finds the cluster healthy", () => Status("--tls-authority", authority, "--tls-certificate", certificate, "--tls-key", key), run => run.Exit == 0 && run.Output.Contains("healthy: 3 silos", StringComparison.Ordinal));
        Assert.Contains("silo-3", status.Output, StringComparison.Ordinal);

        await Fails("(it wants a certificate of the tool). Give the tool one with --tls-certificate.", "--tls-authority", authority);
        await Fails("(it does not accept the tool's certificate). Give the tool one of an authority that the silos trust", "--tls-authority", authority, "--tls-certificate", foreign);
        await Fails("'CN=silo-1', comes from 'CN=cluster', which is not trusted)", "--tls-authority", foreignAuthority, "--tls-certificate", certificate, "--tls-key", key);
        await Fails("'CN=silo-1', is not for 'elsewhere')", "--tls-authority", authority, "--tls-certificate", certificate, "--tls-key", key, "--tls-host", "elsewhere");
        await Fails("without TLS?");
    }

    [Fact]
    public async Task A_clients_certificate_passes_for_no_silo_at_the_voters()
    {
        using var silo = _authority.Issue("silo-3", also: ThreeSilos.SilosName);
        await using (await Dial("silo-3", silo))
        {
            // As a silo does.
        }

        var refused = await Assert.ThrowsAsync<VoterRefusedException>(() => Dial("silo-3", _client));
        Assert.Contains("'silo-3' is a voter, but the certificate that was shown is no silo's.", refused.Message, StringComparison.Ordinal);

        // Under another name it is heard, and may read; whoever could write could declare silos dead.
        var asked = await Ask(_client, new VoterRequest(VoterOperation.Command, new MembershipCommand(MembershipCommandKind.Clear).Encode()));
        Assert.Equal((ReplyStatus.Refused, "the certificate of 'a client' is no silo's, and only silos change the membership table"), (asked.Status, asked.Text));
        Assert.Equal(ReplyStatus.Done, (await Ask(_client, new VoterRequest(VoterOperation.Look))).Status);
    }

    private Task<Stream> Dial(string self, X509Certificate2 certificate) =>
        new VoterDialler("liferaft", self, new LifeRaftClusteringOptions { AuthenticateAsClient = _ => TlsClient.ToVoter(certificate) }, TimeProvider.System)
            .Dial("silo-1", new VoterEndPoint("127.0.0.1", _silos.VoterPorts[0]), TestContext.Current.CancellationToken);

    private async Task<VoterReply> Ask(X509Certificate2 certificate, VoterRequest request)
    {
        await using var stream = await Dial("a client", certificate);
        var connection = new FramedConnection(stream, TimeProvider.System);
        var answer = new TaskCompletionSource<VoterReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var running = connection.Run((_, content) => answer.TrySetResult(VoterReply.Decode(content).Reply), ending.Token);
        connection.TrySend(FrameKind.Request, request.Encode(1));
        var reply = await answer.Task.WaitAsync(Wait.Patience, TestContext.Current.CancellationToken);
        await ending.CancelAsync();
        await running.ContinueWith(static _ => { }, TaskScheduler.Default);
        return reply;
    }

    /// <summary>Exit code 3, and one sentence that says why and what to do.</summary>
    private async Task Fails(string expected, params string[] tls)
    {
        var run = await Status(tls);
        TestContext.Current.TestOutputHelper?.WriteLine($"{string.Join(' ', tls.Select(Path.GetFileName))} -> {run.Exit}: {run.Error}");
        Assert.Equal(3, run.Exit);
        Assert.Equal("", run.Output);
        Assert.Contains("No silo can be reached", run.Error, StringComparison.Ordinal);
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    private Task<ToolRun> Status(params string[] tls) => ToolRun.Of(["status", "--timeout", "15s", .. _silos.Gateways.SelectMany(port => (string[])["--gateway", $"127.0.0.1:{port}"]), .. tls]);

    /// <summary>A client that asks the voters for gateways, and shows the gateways the right certificate.</summary>
    private Task<SiloClient> Find(X509Certificate2? toVoters) => SiloClient.Find(client =>
    {
        client.UseLifeRaftClustering(_silos.Clustering);
        client.Configure<LifeRaftClusteringOptions>(options =>
        {
            options.RequestTimeout = TimeSpan.FromSeconds(toVoters == _client ? 60 : 8);
            options.AuthenticateAsClient = toVoters is null ? null : _ => TlsClient.ToVoter(toVoters);
        });
        client.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
        TlsClient.Use(client, _client);
    });
}
