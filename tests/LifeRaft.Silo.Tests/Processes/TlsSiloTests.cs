using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace LifeRaft.Silo.Tests;

/// <summary><c>silo-config/tls.json</c> as a process: who has a certificate of the cluster's authority is let in, and nobody else.</summary>
public sealed class TlsSiloTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new("cluster");
    private readonly TestAuthority _stranger = new("stranger");
    private readonly X509Certificate2 _client;

    public TlsSiloTests()
    {
        _client = _authority.Issue("client");
        using var silo = _authority.Issue("silo-1");
        CertificateFiles.Write(_folder, _authority, silo);
    }

    public void Dispose()
    {
        _client.Dispose();
        _authority.Dispose();
        _stranger.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Silos_and_clients_of_the_authority_make_a_cluster()
    {
        var first = Place("silo-1");
        var second = Place("silo-2", primary: first);
        await using var one = SiloProcess.Start(first);
        await one.Ready();
        await using var two = SiloProcess.Start(second);
        await two.Ready();

        await using (var client = await Connect(first, _client))
        {
            var group = client.Grains.GetRaftGroup("kv/both");
            await group.Create(["1@silo-1", "2@silo-2"]);
            await new KeyValueStore(group).Put("greeting", "hello"u8.ToArray());
        }

        await using (var client = await Connect(second, _client))
        {
            var entry = await new KeyValueStore(client.Grains.GetRaftGroup("kv/both")).Get("greeting");
            Assert.Equal("hello", Encoding.UTF8.GetString(entry!.Value.Span));
        }

        Assert.Contains("liferaft_certificate_left_seconds{", await one.Get("/metrics"), StringComparison.Ordinal);
        Assert.Contains("The certificate is valid until", await one.Get("/health/ready"), StringComparison.Ordinal);
        await using var question = SiloProcess.Start(first, "--healthcheck");
        Assert.True(await question.Ended() == 0, question.Said);
    }

    [Fact]
    public async Task Nobody_else_is_let_in()
    {
        var place = Place("silo-1");
        await using var silo = SiloProcess.Start(place);
        await silo.Ready();
        using var foreign = _stranger.Issue("client");
        foreach (var port in new[] { place.Port, place.GatewayPort })
        {
            await Strangers.AreRefused(port, foreign);
            await Strangers.AreRefused(port, certificate: null);
            await Strangers.AreRefusedWithoutTls(port);
        }

        // The silo is well: it is they who were refused.
        await using var client = await Connect(place, _client);
        await new KeyValueStore(client.Grains.GetRaftGroup("kv/default")).Put("greeting", "hello"u8.ToArray());
    }

    [Fact]
    public async Task A_certificate_without_the_name_of_silos_is_a_clients_only()
    {
        var place = Place("silo-1");
        await using var silo = SiloProcess.Start(place, "--Tls:ServerName", "silo-1");
        await silo.Ready();
        await Strangers.AreRefused(place.Port, _client);
        await using var client = await Connect(place, _client);
        await new KeyValueStore(client.Grains.GetRaftGroup("kv/default")).Put("greeting", "hello"u8.ToArray());
    }

    [Fact]
    public async Task Clients_without_a_certificate_are_let_in_where_none_is_required_but_no_silos()
    {
        var place = Place("silo-1");
        await using var silo = SiloProcess.Start(place, "--Tls:RequireClientCertificate", "false");
        await silo.Ready();
        using var foreign = _stranger.Issue("client");
        await Strangers.AreRefused(place.GatewayPort, foreign);
        await Strangers.AreRefusedWithoutTls(place.GatewayPort);
        await Strangers.AreRefused(place.Port, certificate: null);
        await using var client = await Connect(place, certificate: null);
        await new KeyValueStore(client.Grains.GetRaftGroup("kv/default")).Put("greeting", "hello"u8.ToArray());
    }

    [Fact]
    public async Task The_health_question_is_about_the_silo_and_not_about_the_files_of_its_next_certificate()
    {
        var place = Place("silo-1");
        await using var silo = SiloProcess.Start(place);
        await silo.Ready();
        foreach (var days in new[] { 90, -1 })
        {
            // Renewed as the runbook says, before the restart; and forgotten until it was over.
            using var other = _authority.Issue("silo-1", DateTimeOffset.UtcNow.AddDays(-30), DateTimeOffset.UtcNow.AddDays(days));
            CertificateFiles.Write(_folder, _authority, other);
            await using var question = SiloProcess.Start(place, "--healthcheck");
            Assert.True(await question.Ended() == 0, question.Said);
        }
    }

    private static Task<SiloClient> Connect(SiloPlace place, X509Certificate2? certificate) =>
        SiloClient.Connect([place.GatewayPort], customize: client => TlsClient.Use(client, certificate));

    private SiloPlace Place(string name, SiloPlace? primary = null)
    {
        var more = new Dictionary<string, string> { ["LIFERAFT_Silo__Name"] = name, ["LIFERAFT_Log__Directory"] = $"data/{name}" };
        if (primary is not null)
        {
            more["LIFERAFT_Clustering__Kind"] = "Static";
            more["LIFERAFT_Clustering__Static__Primary"] = $"127.0.0.1:{primary.Port}";
        }

        return new SiloPlace(Repository.SiloConfig("tls.json"), _folder.Path) { Scheme = "https", More = more };
    }
}
