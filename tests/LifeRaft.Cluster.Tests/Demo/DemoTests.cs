using System.Globalization;
using System.Text.Json;
using LifeRaft.Cli;

namespace LifeRaft.Cluster.Tests.Demo;

/// <summary>Whole runs of the demo, the smallest that it allows.</summary>
public sealed class DemoTests : IDisposable
{
    private const int Writes = 10_000;

    private static readonly string[] _nodes = ["1@silo-1", "2@silo-2", "3@silo-3"];

    // Many times what a run takes, also where everything else runs at the same time.
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(5);

    private readonly string _directory = Directory.CreateTempSubdirectory("liferaft-test-").FullName;
    private readonly StringWriter _output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);

    private string Data => Path.Combine(_directory, "data");

    public void Dispose()
    {
        Directory.Delete(_directory, recursive: true);
        _output.Dispose();
        _error.Dispose();
    }

    [Fact]
    public async Task Json_has_every_figure_and_they_show_that_nothing_was_lost_or_applied_twice()
    {
        var exit = await Run("--json", "--writes", $"{Writes}", "--clients", "16", "--data", Data, "--timeout", "5min");

        var figures = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal((0, "", "[]"), (exit, _error.ToString(), figures.GetProperty("problems").GetRawText()));
        Assert.True(figures.GetProperty("held").GetBoolean());
        Assert.InRange(Whole(figures, "acknowledged"), Writes, int.MaxValue);
        Assert.Equal((0, 0), (Whole(figures, "lost"), Whole(figures, "duplicated")));
        Assert.Equal((0, 0), (Whole(figures, "unknown"), Whole(figures, "unknown_applied")));
        Assert.Equal(Whole(figures, "acknowledged"), Whole(figures, "commands_applied"));
        Assert.All(
            ["elected_ms", "new_leader_ms", "leaderless_ms", "caught_up_ms", "writes_per_second", "p50_us", "p99_us", "clients_p50_us", "clients_p99_us", "total_ms"],
            figure => Assert.True(figures.GetProperty(figure).GetDouble() > 0, figure));
        Assert.True(figures.GetProperty("new_leader_ms").GetDouble() <= figures.GetProperty("leaderless_ms").GetDouble());
        Assert.True(Whole(figures, "p50_us") <= Whole(figures, "p99_us"));
        Assert.Equal(16, Whole(figures, "clients"));
        Assert.Equal(_nodes, figures.GetProperty("state_hash").EnumerateObject().Select(node => node.Name));
        Assert.Single(figures.GetProperty("state_hash").EnumerateObject().Select(node => node.Value.GetString()).Distinct());
        Assert.Single(figures.GetProperty("state_index").EnumerateObject().Select(node => node.Value.GetInt64()).Distinct());
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task Without_json_the_run_is_told_in_words_and_keep_leaves_the_logs()
    {
        var exit = await Run("--writes", $"{Writes}", "--data", Data, "--keep", "--timeout", "5min");

        var told = _output.ToString();
        Assert.Equal((0, ""), (exit, _error.ToString()));
        Assert.DoesNotContain('\e', told);
        Assert.All(told.Split('\n'), line => Assert.True(line.TrimEnd().Length <= 80 || line.Contains(Data, StringComparison.Ordinal), line));
        Assert.Contains("acknowledged writes read back, 0 lost, 0 duplicated", told, StringComparison.Ordinal);
        Assert.Contains("all 3 nodes hold the same state", told, StringComparison.Ordinal);
        Assert.Equal(["silo-1", "silo-2", "silo-3"], Directory.GetDirectories(Data).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task A_machine_that_applies_every_command_twice_is_noticed()
    {
        // Fewer than the command line takes: a mistake that shows in every write shows in these.
        var settings = new DemoSettings { Writes = 4_000, Directory = Data, Timeout = _patience, AddMachine = raft => raft.AddStateMachine<TwofoldMachine>("kv") };

        var exit = await DemoCommand.Run(settings, asJson: true, _output, _error, TestContext.Current.CancellationToken);

        var figures = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal(1, exit);
        Assert.False(figures.GetProperty("held").GetBoolean());
        Assert.Equal(Whole(figures, "commands_applied") / 2, Whole(figures, "duplicated"));
        Assert.Contains("has applied", Assert.Single(figures.GetProperty("problems").EnumerateArray()).GetString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_run_that_takes_too_long_fails_says_where_it_was_and_cleans_up()
    {
        var exit = await Run("--json", "--data", Data, "--timeout", "1ms");

        var problem = Assert.Single(JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("problems").EnumerateArray()).GetString();
        Assert.Equal(1, exit);
        Assert.Contains("not over after 1 ms; it was starting three silos", problem, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    [Fact]
    public async Task A_run_that_is_stopped_cleans_up()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        var exit = await DemoCommand.Run(new DemoSettings { Directory = Data }, asJson: false, _output, _error, stop.Token);

        Assert.Equal(130, exit);
        Assert.Contains("Stopped", _error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Data));
    }

    private Task<int> Run(params string[] arguments) =>
        Tool.Run(["demo", .. arguments], _output, _error, TestContext.Current.CancellationToken);

    private static long Whole(JsonElement figures, string name) => figures.GetProperty(name).GetInt64();
}

/// <summary>The planted mistake: the answer is right and the keys are right, only everything happens twice.</summary>
internal sealed class TwofoldMachine : IStateMachine
{
    private readonly KeyValueMachine _machine = new();

    public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command)
    {
        var result = _machine.Apply(context, command);
        _machine.Apply(context, command);
        return result;
    }

    public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query) => _machine.Query(query);

    public Action<Stream> CaptureSnapshot() => _machine.CaptureSnapshot();

    public void ReadSnapshot(Stream source) => _machine.ReadSnapshot(source);
}
