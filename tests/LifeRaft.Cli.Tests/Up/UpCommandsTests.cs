using System.Text.Json;

namespace LifeRaft.Cli.Tests.Up;

/// <summary>Every command of the tool against a cluster of <c>up</c>: once as a process, and what it is for within this one. Each test has groups of its own.</summary>
[Collection(ToolProcesses.Name)]
public sealed class UpCommandsTests(RunningUp up) : IClassFixture<RunningUp>
{
    public static TheoryData<string> Looks => [.. RunningUp.Looks.Select(look => string.Join(' ', look))];

    public static TheoryData<string> Played => [Sessions.Silos.Name, .. Sessions.Others.Select(session => session.Name)];

    [Theory]
    [MemberData(nameof(Looks))]
    public void What_looks_at_a_healthy_cluster_prints_this(string command) =>
        Snapshot.Matches(command.Replace(" --interval 100ms", "", StringComparison.Ordinal).Replace(" -o ", "-", StringComparison.Ordinal).Replace("kv/default", "group", StringComparison.Ordinal).Replace(" --", "-", StringComparison.Ordinal).Replace(' ', '-'), up.Seen(command).Output, Volatile.InLooks);

    [Theory]
    [MemberData(nameof(Played))]
    public void Who_works_with_it_in_a_shell_sees_this(string session) => Snapshot.Matches(session, Volatile.Replaced(up.Played(session)));

    [Fact]
    public void Every_command_of_the_tool_is_run_as_a_process_and_what_it_prints_is_kept()
    {
        // 'up' is what they are run against; 'demo' has a cluster of its own, and DemoTests.
        var run = Sessions.All.SelectMany(session => session.Lines).Concat(RunningUp.Looks.Select(look => $"liferaft {string.Join(' ', look)}")).SelectMany(Sessions.CommandsIn);
        Assert.Equal(Sessions.CommandsBelow(Tool.CreateRoot()).Order(StringComparer.Ordinal), run.Union(["up", "demo"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Up_says_what_runs_where()
    {
        Assert.Equal(4, up.Ready.GetProperty("silos").GetArrayLength());
        Assert.Equal(["kv/default", HoldOptions.UsualGroup], up.Ready.GetProperty("groups").EnumerateArray().Select(group => group.GetString()));
        Assert.True(Directory.Exists(up.Ready.GetProperty("silos")[3].GetProperty("data").GetString()));
    }

    [Fact]
    public async Task Up_serves_the_dashboard()
    {
        using var http = new HttpClient { BaseAddress = new Uri(up.Ready.GetProperty("dashboard").GetString()!) };
        Assert.Contains("<title>", await http.GetStringAsync("/", TestContext.Current.CancellationToken), StringComparison.Ordinal);
        Assert.Contains("kv/default", await http.GetStringAsync("/api/cluster", TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_are_founded_and_deleted()
    {
        Assert.Equal("kv/made has the members 1@silo-1, 2@silo-2, 3@silo-3.", One(await up.Done("group", "create", "kv/made", "1@silo-1", "2@silo-2", "3@silo-3")));
        Assert.Equal(3, Json(await up.Done("group", "create", "kv/counted", "--members", "3", "-o", "json")).GetProperty("members").GetArrayLength());

        var (unsure, dry) = await Both(up.Run("group", "delete", "kv/made"), up.Done("group", "delete", "kv/made", "--dry-run"));
        Assert.Equal(1, unsure.Exit);
        Assert.Contains("Repeat the command with --yes", unsure.Error, StringComparison.Ordinal);
        Assert.Contains("would be deleted with all of its", dry.Output, StringComparison.Ordinal);
        Assert.Contains("kv/made", (await up.Done("groups")).Output, StringComparison.Ordinal);

        var (deleted, _) = await Both(up.Done("group", "delete", "kv/made", "--yes"), up.Done("group", "delete", "kv/counted", "--yes", "-o", "json"));
        Assert.Equal("kv/made is deleted.", One(deleted));
        var missing = await up.Run("status", "kv/made");
        Assert.Equal(1, missing.Exit);
        Assert.Contains("No silo that answered knows the group kv/made", missing.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Members_come_learn_vote_replace_each_other_and_go()
    {
        await up.Done("group", "create", "kv/members", "1@silo-1", "2@silo-2");
        Assert.Equal("3@silo-3 is a learner of kv/members now.", One(await up.Done("member", "add", "kv/members", "3@silo-3", "--learner")));
        Assert.Contains("learner", Row(await up.Done("member", "list", "kv/members"), "3@silo-3"), StringComparison.Ordinal);
        Assert.Equal("3@silo-3 is a voter of kv/members now.", One(await up.Done("member", "make-voter", "kv/members", "3@silo-3")));
        Assert.Equal("3@silo-3 was a voter of kv/members already; nothing was changed.", One(await up.Done("member", "promote", "kv/members", "3@silo-3")));

        var (unsure, dry) = await Both(up.Run("member", "replace", "kv/members", "2@silo-2", "4@silo-4"), up.Done("member", "remove", "kv/members", "3@silo-3", "--dry-run"));
        Assert.Equal(1, unsure.Exit);
        Assert.Contains("3@silo-3 would be removed from kv/members", dry.Output, StringComparison.Ordinal);
        Assert.Equal("4@silo-4 is a voter of kv/members in the place of 2@silo-2.", One(await up.Done("member", "replace", "kv/members", "2@silo-2", "4@silo-4", "--yes")));
        Assert.Equal("3@silo-3 is no member of kv/members any more.", One(await up.Done("member", "remove", "kv/members", "3@silo-3", "--yes")));
        var (again, list) = await Both(up.Run("member", "remove", "kv/members", "3@silo-3", "--yes"), up.Done("member", "list", "kv/members", "-o", "json"));
        Assert.Equal(1, again.Exit);
        Assert.Contains("has no member 3@silo-3", again.Error, StringComparison.Ordinal);
        await up.Done("group", "delete", "kv/members", "--yes");
        Assert.Equal(["1@silo-1", "4@silo-4"], Json(list).GetProperty("members").EnumerateArray().Select(member => member.GetProperty("address").GetString()));
    }

    [Fact]
    public async Task Leaders_move()
    {
        await up.Done("group", "create", "kv/led", "1@silo-1", "2@silo-2", "3@silo-3");
        var moved = Json(await up.Done("leader", "transfer", "kv/led", "2@silo-2", "-o", "json"));
        Assert.Equal("2@silo-2", moved.GetProperty("leader").GetString());
        var down = await up.Done("leader", "step-down", "kv/led");
        Assert.Contains("leads kv/led in term", down.Output, StringComparison.Ordinal);
        var wrong = await up.Run("leader", "transfer", "kv/led", "4@silo-4");
        Assert.Equal(1, wrong.Exit);
        Assert.Contains("kv/led has no member 4@silo-4", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silos_are_drained_and_resumed_and_leaders_spread()
    {
        await up.Done("group", "create", "kv/drained", "1@silo-1", "2@silo-2", "3@silo-3");
        Assert.StartsWith("silo-1 leads nothing", (await up.Done("silo", "drain", "silo-1")).Output, StringComparison.Ordinal);
        Assert.Contains("drained", Row(await up.Done("silo", "list"), "silo-1"), StringComparison.Ordinal);
        Assert.Equal("silo-1 may lead again.", One(await up.Done("silo", "resume", "silo-1")));
        var unknown = await up.Run("silo", "drain", "silo-9");
        Assert.Equal(1, unknown.Exit);
        Assert.Contains("Running are: silo-1, silo-2, silo-3, silo-4", unknown.Error, StringComparison.Ordinal);

        Assert.True(Json(await up.Done("leader", "rebalance", "--dry-run", "-o", "json")).GetProperty("isDryRun").GetBoolean());
        await Wait.For(
            "leaders are spread",
            async () =>
            {
                await up.Run("leader", "rebalance");
                return await up.Done("leader", "rebalance", "--dry-run");
            },
            plan => plan.Output.StartsWith("Leaders are spread evenly", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Checks_answer_by_their_exit_code()
    {
        await up.Done("group", "create", "kv/checked", "1@silo-1", "2@silo-2", "3@silo-3");
        var perf = await up.Run("check", "perf", "kv/checked", "--duration", "500ms", "--clients", "2", "--p99", "1us", "-o", "json");
        Assert.Equal(1, perf.Exit);
        Assert.False(Json(perf).GetProperty("passed").GetBoolean());
        Assert.True(Json(perf).GetProperty("writes").GetInt64() > 0);
        Assert.NotEqual(0, Json(perf).GetProperty("reasons").GetArrayLength());
        var lenient = await up.Done("check", "perf", "kv/checked", "--duration", "500ms", "--writes-per-second", "1", "--p99", "30s", "--slowest", "60s");
        Assert.EndsWith("PASS: kv/checked is fast enough.", lenient.Output.TrimEnd(), StringComparison.Ordinal);

        await up.Done("group", "create", "kv/pair", "1@silo-1", "4@silo-4");
        var (hash, critical) = await Both(up.Done("check", "hash", "kv/checked"), up.Run("check", "quorum-critical", "silo-4"));
        Assert.Contains("All 3 members of kv/checked hold the same state at index", hash.Output, StringComparison.Ordinal);
        Assert.Equal((1, "silo-4 is critical: without it 1 group would lose the quorum: kv/pair. Do not stop it."), (critical.Exit, One(critical)));
        await up.Done("group", "delete", "kv/pair", "--yes");
        var (free, other) = await Both(up.Done("check", "quorum-critical", "silo-4", "-o", "json"), up.Run("check", "perf", HoldOptions.UsualGroup));
        Assert.False(Json(free).GetProperty("isCritical").GetBoolean());
        Assert.Equal(2, other.Exit);
    }

    [Fact]
    public async Task Watch_prints_what_was_and_then_what_comes_until_it_is_interrupted()
    {
        await up.Done("group", "create", "kv/watched", "1@silo-1", "2@silo-2", "3@silo-3");
        await using var watch = up.Start("watch", "kv/watched", "--since", "1h", "-o", "json");
        await watch.Printed(output => output.Contains("\"kind\":\"leaderElected\"", StringComparison.Ordinal));
        await up.Done("leader", "transfer", "kv/watched", "3@silo-3");
        await watch.Printed(output => Lines(output).Any(entry => entry.GetProperty("kind").GetString() == "leaderElected" && entry.GetProperty("node").GetString() == "3@silo-3"));
        var ended = await watch.Stop("INT");
        Assert.Equal((130, ""), (ended.Exit, ended.Error));
        Assert.All(Lines(ended.Output), entry => Assert.Equal("kv/watched", entry.GetProperty("group").GetString()));

        var once = await up.Done("watch", "--once");
        Assert.Contains("silo-1      -               The silo is active.", once.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_of_what_is_not_there_and_of_whom_nobody_reaches_have_their_exit_codes()
    {
        var (missing, nobody) = await Both(up.Run("health", "kv/missing"), CliProcess.Run($"127.0.0.1:{FreePort.Next()}", "health", "--timeout", "2s"));
        Assert.Equal((1, 3), (missing.Exit, nobody.Exit));
        var (wrong, suggested) = await Both(up.Run("health", "nonsense"), CliProcess.Run(up.Gateways, "[suggest:7]", "leader "));
        Assert.Equal(2, wrong.Exit);
        Assert.Contains("'nonsense' is no group name", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("step-down", suggested.Output, StringComparison.Ordinal);
    }

    private static async Task<(T, T)> Both<T>(Task<T> one, Task<T> other) => (await one, await other);

    private static JsonElement Json(ToolRun run) => JsonDocument.Parse(run.Output).RootElement;

    private static List<JsonElement> Lines(string output) => [.. output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];

    private static string One(ToolRun run) => Assert.Single(run.Output.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));

    private static string Row(ToolRun run, string first) => Assert.Single(run.Output.Split(Environment.NewLine), line => line.StartsWith($"{first} ", StringComparison.Ordinal));
}
