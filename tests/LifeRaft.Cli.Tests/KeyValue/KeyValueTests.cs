using System.Text;
using System.Text.Json;

namespace LifeRaft.Cli.Tests.KeyValue;

/// <summary>The data of a group, from the command line.</summary>
public sealed class KeyValueTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private readonly CliCluster _cluster = silo.Cluster;

    [Fact]
    public async Task What_is_put_is_got_listed_and_deleted()
    {
        await _cluster.Create("kv/shown");
        var said = new StringBuilder();
        foreach (var line in new[]
        {
            "put apple green", "put banana yellow", "put apple red", "put avocado black --if-absent", "put avocado brown --if-absent", "put banana brown --if-version 1",
            "put banana brown --if-version 1", "put cherry red --if-version 3", "get apple", "get apple -o wide", "get apple -o json", "get nothing", "get nothing -o json",
            "list", "list a -o wide", "list -o json", "list --limit 1", "list x", "delete banana --if-version 9", "delete banana", "delete banana", "delete apple -o json",
        })
        {
            var run = await Kv("kv/shown", line.Split(' '));
            said.Append($"$ liferaft kv {line}{Environment.NewLine}{run.Output}{run.Error}");
            said.Append(run.Exit == 0 ? "" : $"(exit code {run.Exit}){Environment.NewLine}");
            said.AppendLine();
        }

        Snapshot.Matches("kv", said.ToString(), [(@"revision(""?:?) \d+", "revision$1 N"), (@"(?m)^([a-z]+ +\d) {2}[ \d]{7}\d", "$1         N")]);
    }

    [Theory]
    [InlineData("put", "a", "1")]
    [InlineData("get", "a")]
    [InlineData("list")]
    [InlineData("delete", "a")]
    public async Task A_group_that_holds_something_else_is_named_as_such(params string[] command)
    {
        await _cluster.Create("lock/default");
        var run = await Kv("lock/default", command);
        Assert.True(run.Exit == 1 && run.Output.Length == 0, run.ToString());
        Assert.StartsWith("lock/default does not answer as a key-value group does", run.Error, StringComparison.Ordinal);
        Assert.Contains("Name a key-value group with --group", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stale_read_of_a_node_that_is_no_member_says_so_and_not_absent()
    {
        await _cluster.Create("kv/asked");
        var run = await Kv("kv/asked", "get", "a", "--stale", "--node", "9@silo-1");
        Assert.True(run.Exit == 1, run.ToString());
        Assert.Contains("9@silo-1 is no member of kv/asked; its members are 1@silo-1.", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("absent", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Any_bytes_go_in_and_come_out_as_they_are()
    {
        await _cluster.Create("kv/bytes");
        var bytes = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        Assert.Equal(0, (await _cluster.RunWith(ToolSurroundings.Piping(bytes), "kv", "put", "--group", "kv/bytes", "blob")).Exit);

        var surroundings = new ToolSurroundings();
        var run = await _cluster.RunWith(surroundings, "kv", "get", "--group", "kv/bytes", "blob", "-o", "raw");
        Assert.Equal((0, "", ""), (run.Exit, run.Output, run.Error));
        Assert.Equal(bytes, surroundings.OutputBytes.ToArray());

        using var json = JsonDocument.Parse((await Kv("kv/bytes", "get", "blob", "-o", "json")).Output);
        var entry = json.RootElement.GetProperty("entry");
        Assert.Equal(JsonValueKind.Null, entry.GetProperty("value").ValueKind);
        Assert.Equal(bytes, entry.GetProperty("valueBase64").GetBytesFromBase64());
    }

    [Fact]
    public async Task A_person_at_a_terminal_is_not_waited_for()
    {
        var run = await _cluster.RunWith(new ToolSurroundings { IsInteractive = true }, "kv", "put", "--group", "kv/bytes", "key");
        Assert.Equal(2, run.Exit);
        Assert.Contains("There is no value", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_watch_tells_of_each_change_from_a_revision_on()
    {
        await _cluster.Create("kv/watched");
        foreach (var line in new[] { "put a 1", "put b 2", "put a 3", "delete a", "put other 4" })
        {
            await Kv("kv/watched", line.Split(' '));
        }

        var run = await Kv("kv/watched", "watch", "a", "--revision", "1", "--count", "3");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.Equal(["put a v1 1", "put a v2 3", "delete a v2"], run.Output.TrimEnd().Split(Environment.NewLine).Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..])));

        run = await Kv("kv/watched", "watch", "--revision", "1", "--count", "5", "-o", "json");
        var kinds = run.Output.TrimEnd().Split(Environment.NewLine).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("kind").GetString());
        Assert.Equal(["put", "put", "put", "delete", "put"], kinds);
    }

    [Fact]
    public async Task A_watch_ends_when_it_is_interrupted()
    {
        await _cluster.Create("kv/interrupted");
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        using var lines = new LineWriter();
        var watch = _cluster.RunWith(new ToolSurroundings { CancellationToken = interrupted.Token, Output = lines }, "kv", "watch", "--group", "kv/interrupted", "--revision", "1");
        await Kv("kv/interrupted", "put", "a", "1");
        Assert.Contains("put", await lines.Next(), StringComparison.Ordinal);
        await interrupted.CancelAsync();
        Assert.Equal(130, (await watch.WaitAsync(Wait.Patience, TestContext.Current.CancellationToken)).Exit);
    }

    [Fact]
    public async Task A_transaction_is_carried_out_as_a_whole_or_its_other_branch_is()
    {
        await _cluster.Create("kv/transactions");
        const string Transfer = """
            {"when": [{"key": "done", "absent": true}], "then": [{"put": "done", "value": "yes"}, {"put": "b", "valueBase64": "AAE="}], "else": [{"get": "done"}, {"get": "none"}]}
            """;
        var run = await _cluster.RunWith(ToolSurroundings.Piping(Encoding.UTF8.GetBytes(Transfer)), "kv", "transact", "--group", "kv/transactions");
        Assert.Equal(0, run.Exit);
        Assert.StartsWith("All conditions held", run.Output, StringComparison.Ordinal);
        Assert.Contains("0x0001", run.Output, StringComparison.Ordinal);

        run = await _cluster.RunWith(ToolSurroundings.Piping(Encoding.UTF8.GetBytes(Transfer)), "kv", "transact", "--group", "kv/transactions", "-o", "json");
        Assert.Equal(1, run.Exit);
        using var json = JsonDocument.Parse(run.Output);
        Assert.False(json.RootElement.GetProperty("succeeded").GetBoolean());
        Assert.Equal("yes", json.RootElement.GetProperty("results")[0].GetProperty("value").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("results")[1].ValueKind);
    }

    [Theory]
    [InlineData("holds no transaction", "nothing")]
    [InlineData("A condition is an object with a key, not null.", """{"when": [null]}""")]
    [InlineData("An operation is an object with put, delete or get, not null.", """{"then": [null]}""")]
    [InlineData("An operation is an object with put, delete or get, not null.", """{"else": [{"get": "a"}, null]}""")]
    [InlineData("holds no transaction", """{"wenn": []}""")]
    [InlineData("needs a value", """{"then": [{"put": "a"}]}""")]
    [InlineData("exactly one of put", """{"then": [{"get": "a", "delete": "b"}]}""")]
    [InlineData("exactly one of version", """{"when": [{"key": "a"}]}""")]
    [InlineData("is no Base64", """{"then": [{"put": "a", "valueBase64": "!"}]}""")]
    public async Task A_malformed_transaction_is_misuse(string reason, string text)
    {
        var run = await _cluster.RunWith(ToolSurroundings.Piping(Encoding.UTF8.GetBytes(text)), "kv", "transact", "--group", "kv/transactions");
        Assert.Equal(2, run.Exit);
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--group: 'orders' is no group name", "kv", "get", "a", "--group", "orders")]
    [InlineData("--stale and --lease exclude each other.", "kv", "get", "a", "--group", "kv/a", "--stale", "--lease")]
    [InlineData("--node belongs to --stale", "kv", "list", "--group", "kv/a", "--node", "1@a")]
    [InlineData("only one can be given", "kv", "put", "a", "b", "--group", "kv/a", "--if-absent", "--if-version", "3")]
    [InlineData("--if-version is a number from 1 on, not '0'", "kv", "put", "a", "b", "--group", "kv/a", "--if-version", "0")]
    [InlineData("--limit is a number from 1 to 1,000,000, not '0'", "kv", "list", "--group", "kv/a", "--limit", "0")]
    [InlineData("--output is table, wide or json here, not 'raw'", "kv", "list", "--group", "kv/a", "-o", "raw")]
    [InlineData("--if-absent", "kv", "delete", "a", "--group", "kv/a", "--if-absent")]
    [InlineData("Required argument 'key' missing", "kv", "get", "--group", "kv/a")]
    public async Task Bad_command_lines_exit_with_2_and_say_why(string reason, params string[] arguments)
    {
        var run = await ToolRun.Of(arguments);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
        Assert.Contains($"Try 'liferaft kv {arguments[1]} --help'.", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_group_that_nobody_knows_a_key_that_is_none_and_a_silo_that_is_not_there_have_their_codes()
    {
        var run = await Kv("kv/unknown", "get", "a");
        Assert.Equal(1, run.Exit);
        Assert.Contains("kv/unknown", run.Error, StringComparison.Ordinal);

        run = await Kv("kv/unknown", "get", "");
        Assert.Equal(1, run.Exit);
        Assert.StartsWith("A key has 1 to 1024 bytes", run.Error, StringComparison.Ordinal);

        run = await ToolRun.Of("kv", "get", "a", "--group", "kv/a", "--gateway", $"127.0.0.1:{FreePort.Next()}");
        Assert.Equal((3, 1), (run.Exit, run.Error.TrimEnd().Split('\n').Length));
    }

    private Task<ToolRun> Kv(string group, params string[] arguments) => _cluster.Run(["kv", arguments[0], "--group", group, .. arguments[1..]]);
}
