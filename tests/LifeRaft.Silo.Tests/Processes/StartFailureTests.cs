using System.Net;
using System.Net.Sockets;

namespace LifeRaft.Silo.Tests;

/// <summary>What keeps a silo from starting is said in one line, and the exit code is not 0.</summary>
public sealed class StartFailureTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SiloPlace _place;

    public StartFailureTests() => _place = new SiloPlace(Repository.SiloConfig("dev.json"), _folder.Path);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("Silo:Port is ")]
    [InlineData("Silo:GatewayPort is ")]
    [InlineData("Http:Url is 'http://127.0.0.1:")]
    public async Task A_port_that_is_taken(string setting)
    {
        var port = setting.StartsWith("Http", StringComparison.Ordinal) ? _place.HttpPort : setting.Contains("Gateway", StringComparison.Ordinal) ? _place.GatewayPort : _place.Port;
        using var other = new TcpListener(IPAddress.Loopback, port);
        other.Start();
        await AssertEnds(1, $"dev did not start: {setting}", $"port {port} of 127.0.0.1 is taken by another process.");
    }

    [Fact]
    public async Task A_log_that_another_process_has_open()
    {
        await using var first = SiloProcess.Start(_place);
        await first.Ready();
        var second = new SiloPlace(_place.ConfigurationFile, _place.Folder);
        await AssertEnds(second, 1, "dev did not start: Log:Directory is 'data/dev': rocksdb at ", "is open already, in this process or in another one");
    }

    [Fact]
    public async Task A_directory_that_cannot_be_created()
    {
        _folder.Write("data", "a file is in the way");
        await AssertEnds(1, "dev did not start: Log:Directory is 'data/dev': ");
    }

    [Fact]
    public Task A_file_that_is_missing() =>
        AssertEnds(_place with { ConfigurationFile = "nowhere.json" }, 2, "nowhere.json: there is no such file");

    [Fact]
    public Task A_setting_that_makes_no_sense() => AssertEnds(
        _place with { More = new Dictionary<string, string> { ["LIFERAFT_LifeRaft__Heartbeat"] = "2 s" } },
        2,
        "environment, LIFERAFT_LifeRaft__Heartbeat: LifeRaft:Heartbeat (00:00:02) must be smaller than ElectionMin");

    [Fact]
    public async Task A_certificate_that_has_expired()
    {
        using var authority = new TestAuthority("cluster");
        using var certificate = authority.Issue("silo-1", DateTimeOffset.UtcNow.AddDays(-9), DateTimeOffset.UtcNow.AddDays(-1));
        CertificateFiles.Write(_folder, authority, certificate);
        await AssertEnds(new SiloPlace(Repository.SiloConfig("tls.json"), _folder.Path) { Scheme = "https" }, 2, "Tls:CertificateFile is 'tls/silo.pem', but it expired at ");
    }

    [Fact]
    public async Task A_token_that_everybody_may_read()
    {
        _folder.Write("operator.token", "sesame-sesame-sesame-sesame-sesame", UnixFileMode.UserRead | UnixFileMode.OtherRead);
        await AssertEnds(WithToken("operator.token"), 2, "Dashboard:OperatorTokenFile is 'operator.token', but everybody on this machine may read or write it (mode 404).");
    }

    [Fact]
    public Task A_token_that_is_missing() =>
        AssertEnds(WithToken("operator.token"), 2, "Dashboard:OperatorTokenFile is 'operator.token', but there is no such file");

    [Fact]
    public Task A_Redis_that_does_not_answer() => AssertEnds(
        new SiloPlace(Repository.SiloConfig("redis.json"), _folder.Path)
        {
            More = new Dictionary<string, string> { ["LIFERAFT_Clustering__Redis__ConnectionString"] = $"127.0.0.1:{Ports.Next()},connectTimeout=500,connectRetry=1,password=sesame" },
        },
        1,
        "silo-1 did not start: Clustering:Redis:ConnectionString leads to no Redis that answers: ");

    [Fact]
    public Task A_database_that_does_not_answer() => AssertEnds(
        new SiloPlace(Repository.SiloConfig("postgres.json"), _folder.Path)
        {
            More = new Dictionary<string, string> { ["LIFERAFT_Clustering__AdoNet__ConnectionString"] = $"Host=127.0.0.1;Port={Ports.Next()};Username=silo;Password=sesame" },
        },
        1,
        "silo-1 did not start: Clustering:AdoNet:ConnectionString leads to no database that answers: ");

    private SiloPlace WithToken(string file) => _place with { More = new Dictionary<string, string> { ["LIFERAFT_Dashboard__OperatorTokenFile"] = file } };

    private Task AssertEnds(int exitCode, params string[] expected) => AssertEnds(_place, exitCode, expected);

    private static async Task AssertEnds(SiloPlace place, int exitCode, params string[] expected)
    {
        await using var silo = SiloProcess.Start(place);
        Assert.Equal(exitCode, await silo.Ended());
        Assert.StartsWith(expected[0], silo.LastComplaint, StringComparison.Ordinal);
        Assert.All(expected, text => Assert.Contains(text, silo.Said, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", silo.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("sesame", silo.Said, StringComparison.Ordinal);
    }
}
