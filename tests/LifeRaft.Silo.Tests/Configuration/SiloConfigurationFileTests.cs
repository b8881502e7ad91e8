using System.Collections;

namespace LifeRaft.Silo.Tests;

public sealed class SiloConfigurationFileTests : IDisposable
{
    private static readonly Dictionary<string, string> _none = [];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_not_said_keeps_its_default()
    {
        var configuration = Read("""{ "Silo": { "Name": "a" } /* comments and trailing commas are allowed */, }""").Configuration;
        Assert.Equal("a", configuration.Silo.Name);
        Assert.Equal(11111, configuration.Silo.Port);
        Assert.Equal(TimeSpan.FromMilliseconds(150), configuration.LifeRaft.ElectionMin);
    }

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        var file = Write("""{ "Silo": { "Name": "a", "Port": 1, "GatewayPort": 2 }, "LifeRaft": { "heartbeat": 60 } }""");
        var environment = new Hashtable { ["LIFERAFT_Silo__Port"] = "3", ["LIFERAFT_SILO__GATEWAYPORT"] = "4", ["LIFERAFT_LifeRaft__Groups__kv/x__Members"] = "5", ["LIFERAFT_GATEWAYS"] = "the tool's" };
        var read = SiloConfigurationFile.Read(file, environment, new Dictionary<string, string> { ["Silo:Port"] = "6" });
        Assert.Equal((6, 4), (read.Configuration.Silo.Port, read.Configuration.Silo.GatewayPort));
        Assert.Equal(5, read.Configuration.LifeRaft.Groups["kv/x"].Members);
        Assert.Equal(TimeSpan.FromMilliseconds(60), read.Configuration.LifeRaft.Heartbeat);
        Assert.Equal("command line, --Silo:Port", read.OriginOf("Silo:Port"));
        Assert.Equal("environment, LIFERAFT_SILO__GATEWAYPORT", read.OriginOf("Silo:GatewayPort"));
        Assert.Equal(file, read.OriginOf("Silo:Name"));
        Assert.Equal(file, read.OriginOf("LifeRaft:Heartbeat"));
        Assert.Null(read.OriginOf("Silo:ClusterId"));
    }

    [Theory]
    [InlineData("""{ "Silo": { "Name": "a" }, "Http": { "Url": "http://127.0.0.1:8080" }, "Dashboard": { "OperatorTokenFile": "x" } }""", true)]
    [InlineData("""{ "Silo": { "Name": "a" }, "Http": { "Url": "http://localhost:8080" }, "Dashboard": { "OperatorTokenFile": "x" } }""", true)]
    [InlineData("""{ "Silo": { "Name": "a" }, "Http": { "Url": "http://[::1]:8080" }, "Dashboard": { "OperatorTokenFile": "x" } }""", true)]
    [InlineData("""{ "Silo": { "Name": "a" }, "Http": { "Url": "https://*:8080" }, "Tls": { "CertificateFile": "x", "AuthorityFile": "y" }, "Dashboard": { "OperatorTokenFile": "x" } }""", true)]
    [InlineData("""{ "Silo": { "Name": "a" }, "Http": { "Url": "http://*:8080" }, "Dashboard": { "OperatorTokenFile": "x", "Enabled": false } }""", false)]
    [InlineData("""{ "Silo": { "Name": "a" } }""", false)]
    public void The_operators_token_is_taken_where_it_is_not_sent_for_all_to_read(string json, bool allowsActions) =>
        Assert.Equal(allowsActions, Read(json).Configuration.Dashboard.AllowsActions);

    [Fact]
    public void A_file_that_is_missing_is_named()
    {
        var problem = Assert.Single(ProblemsOf(() => SiloConfigurationFile.Read("no/such.json", new Hashtable(), _none)));
        Assert.StartsWith("no/such.json: there is no such file (looked for /", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_JSON_is_named_with_the_line()
    {
        var problem = Assert.Single(ProblemsOf(() => Read("{\n  \"Silo\": {\n    \"Name\": oops\n  }\n}")));
        Assert.Contains("silo.json: is no JSON.", problem, StringComparison.Ordinal);
        Assert.Contains("look at line 3", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{ "Sillo": { "Name": "a" } }""", "Sillo is no setting of a silo. The nearest is 'Silo'; correct or remove it.")]
    [InlineData("""{ "Silo": { "Name": "a", "Gatewayport ": 1 } }""", "Silo:Gatewayport  is no setting of Silo. The nearest is 'GatewayPort'; correct or remove it.")]
    [InlineData("""{ "Silo": { "Name": "a" }, "LifeRaft": { "Hartbeat": 50 } }""", "LifeRaft:Hartbeat is no setting of LifeRaft. The nearest is 'Heartbeat'; correct or remove it.")]
    [InlineData("""{ "Silo": { "Name": "a" }, "LifeRaft": { "Groups": { "kv/x": { "Member": 3 } } } }""", "LifeRaft:Groups:kv/x:Member is no setting of LifeRaft:Groups:kv/x. The nearest is 'Members'; correct or remove it.")]
    [InlineData("""{ "Silo": { "Name": "a", "Port": "many" } }""", "Silo:Port cannot be read: 'many' is no whole number")]
    [InlineData("""{ "Silo": { "Name": "a", "Port": 70000 } }""", "Silo:Port is 70000, but must be from 1 to 65535.")]
    [InlineData("""{ "Silo": { "Name": "a", "Port": 5, "GatewayPort": 5 } }""", "Silo:GatewayPort is 5, as Silo:Port is. Give each a port of its own.")]
    [InlineData("""{ "Silo": { "Name": "a", "Port": 8080 } }""", "Http:Url is 8080, as Silo:Port is. Give each a port of its own.")]
    [InlineData("""{ "Silo": { "Name": "a", "GatewayPort": 81 }, "Http": { "Url": "http://*:81" } }""", "Http:Url is 81, as Silo:GatewayPort is.")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Clustering": { "Kind": "LifeRaft", "LifeRaft": { "Voters": { "a": "127.0.0.1:11111" } } } }""", "Clustering:LifeRaft:Voters:a is 11111, as Silo:Port is.")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Clustering": { "Kind": "LifeRaft", "LifeRaft": { "Voters": { "a": "127.0.0.1:30000" } } } }""", "Clustering:LifeRaft:Voters:a is 30000, as Silo:GatewayPort is.")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Clustering": { "Kind": "LifeRaft", "LifeRaft": { "Voters": { "a": "127.0.0.1:8080" } } } }""", "Clustering:LifeRaft:Voters:a is 8080, as Http:Url is.")]
    [InlineData("""{ "Silo": { "Name": "" } }""", "Silo:Name is '', but must have 1 to 64 letters")]
    [InlineData("""{ "Silo": { "Name": "a", "Address": "0.0.0.0" } }""", "Silo:Address is '0.0.0.0', which nobody can connect to.")]
    [InlineData("""{ "Silo": { "Name": "a", "GracePeriod": "-1 s" } }""", "Silo:GracePeriod cannot be read: '-1 s' is no duration: it is negative.")]
    [InlineData("""{ "Silo": "a" }""", "Silo is a text, but has settings of its own. Write an object, { ... }, or name one of them.")]
    [InlineData("""{ "Clustering": { "Redis": "host,password=sesame" } }""", "Clustering:Redis is a text, but has settings of its own. Write an object, { ... }, or name one of them.")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Http": { "Url": "http://somewhere.example:8080" } }""", "Http:Url is 'http://somewhere.example:8080', which names 'somewhere.example', which is no address of this machine.")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Http": { "Url": "https://127.0.0.1:8080" } }""", "Http:Url is 'https://127.0.0.1:8080', but there is no certificate.")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Http": { "Url": "http://*:8080" }, "Dashboard": { "OperatorTokenFile": "x" } }""", "Dashboard:OperatorTokenFile is set, but Http:Url is 'http://*:8080': the token would cross the network for all to read.")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Http": { "Url": "http://10.0.0.1:8080" }, "Dashboard": { "OperatorTokenFile": "x" } }""", "Dashboard:OperatorTokenFile is set, but Http:Url is 'http://10.0.0.1:8080'")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Tls": { "CertificateFile": "x.pem", "ServerName": "silo" } }""", "Tls:AuthorityFile is empty: any certificate of a public authority would be let into the cluster.")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Tls": { "KeyFile": "x.key" } }""", "Tls:KeyFile is set, but Tls:CertificateFile is not")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Telemetry": { "Otlp": { "Endpoint": "collector" } } }""", "Telemetry:Otlp:Endpoint is 'collector', which is no URL")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Clustering": { "Kind": "AdoNet", "AdoNet": { "ConnectionString": "Host=x", "Invariant": "Oracle" } } }""", "Clustering:AdoNet:Invariant is 'Oracle', for which no driver comes")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Clustering": { "Kind": "AdoNet", "AdoNet": { "ConnectionString": "Hast=x" } } }""", "Clustering:AdoNet:ConnectionString cannot be read: ")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Clustering": { "Kind": "Radis" } }""", "Clustering:Kind cannot be read: 'Radis' is none of")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Clustering": { "Kind": "Redis" } }""", "Clustering:Redis:ConnectionString is empty, but Clustering:Kind is 'Redis'.")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Clustering": { "Kind": "Static", "Static": { "Primary": "here" } } }""", "Clustering:Static:Primary is 'here', which is not of the form {address}:{port}.")]
    [InlineData("""{ "Silo": { "Name": "a" }, "LifeRaft": { "Heartbeat": "1 s" } }""", "LifeRaft:Heartbeat (00:00:01) must be smaller than ElectionMin")]
    [InlineData("""{ "Silo": { "Name": "a" }, "LifeRaft": { "MaximumSessions": 0 } }""", "LifeRaft:MaximumSessions must be from 1 to 1000000, but is 0.")]
    [InlineData("""{ "Silo": { "Name": "a" }, "LifeRaft": { "Groups": { "kv/x": { "Members": 2 } } } }""", "LifeRaft:Groups ['kv/x'].Members must be 1, 3, 5, 7 or 9, but is 2")]
    [InlineData("""{ "Silo": { "Name": "a" }, "LifeRaft": { "Groups": { "sql/x": { "Members": 1 } } } }""", "LifeRaft:Groups:sql/x is a group of the machine 'sql', which this silo does not have. It has kv and lock.")]
    [InlineData("""{ "Silo": { "Name": "a" }, "Logging": { "LogLevel": { "Orleans": "Loud" } } }""", "Logging:LogLevel:Orleans cannot be read: 'Loud' is none of")]
    public void A_problem_names_file_key_and_value(string json, string expected)
    {
        var problem = Assert.Single(ProblemsOf(() => Read(json)));
        Assert.StartsWith($"{Path.Combine(_folder.Path, "silo.json")}: {expected}", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void All_problems_are_found_at_once_and_each_says_where_it_is_written()
    {
        var file = Write("""{ "Silo": { "Name": "a", "Prot": 1 } }""");
        var problems = ProblemsOf(() => SiloConfigurationFile.Read(file, new Hashtable { ["LIFERAFT_Http__Url2"] = "x", ["LIFERAFT_Silo_Port"] = "3" }, new Dictionary<string, string> { ["Log:Kind"] = "Paper" }));
        Assert.Equal(4, problems.Count);
        Assert.Contains(problems, problem => problem.StartsWith($"{file}: Silo:Prot is no setting of Silo.", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("environment, LIFERAFT_Http__Url2: Http:Url2 is no setting of Http.", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("environment: LIFERAFT_Silo_Port is no setting", StringComparison.Ordinal));
        Assert.Contains(problems, problem => problem.StartsWith("command line, --Log:Kind: Log:Kind cannot be read: 'Paper'", StringComparison.Ordinal));
    }

    [Fact]
    public void A_variable_that_was_meant_to_be_a_setting_is_a_mistake_and_what_Kubernetes_says_of_services_is_none()
    {
        var file = Write("""{ "Silo": { "Name": "a" } }""");
        var environment = new Hashtable
        {
            ["LIFERAFT_Silo_Prt"] = "3",
            ["LIFERAFT_CONFIG"] = "the executable's",
            ["LIFERAFT_CLUSTER_ID"] = "the tool's",
            ["LIFERAFT_HTTP_SERVICE_HOST"] = "10.0.0.1",
            ["LIFERAFT_HTTP_SERVICE_PORT"] = "80",
            ["LIFERAFT_HTTP_SERVICE_PORT_WEB"] = "80",
            ["LIFERAFT_SILO_PORT"] = "tcp://10.0.0.1:80",
            ["LIFERAFT_SILO_PORT_80_TCP_ADDR"] = "10.0.0.1",
        };
        var problem = Assert.Single(ProblemsOf(() => SiloConfigurationFile.Read(file, environment, _none)));
        Assert.Equal("environment: LIFERAFT_Silo_Prt is no setting: two underscores stand between section and key. Write 'LIFERAFT_Silo__Prt', or remove it.", problem);
    }

    private static IReadOnlyList<string> ProblemsOf(Action read) => Assert.Throws<SiloConfigurationException>(read).Problems;

    private SiloConfigurationFile Read(string json) => SiloConfigurationFile.Read(Write(json), new Hashtable(), _none);

    private string Write(string json) => _folder.Write("silo.json", json);
}
