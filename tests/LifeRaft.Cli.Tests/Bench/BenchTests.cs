using System.Globalization;
using System.Text.Json;

namespace LifeRaft.Cli.Tests.Bench;

/// <summary>Figures that are counted and not made up.</summary>
public sealed class BenchTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private readonly CliCluster _cluster = silo.Cluster;

    [Fact]
    public async Task It_writes_as_much_as_it_says_and_leaves_nothing_behind()
    {
        var group = await _cluster.Create("kv/bench");
        var store = new KeyValueStore(group);
        var before = await store.CountApplied(TestContext.Current.CancellationToken);
        var run = await _cluster.Run("bench", "--group", "kv/bench", "--duration", "500 ms", "--warm-up", "0 s", "--clients", "4", "--keys", "50", "--reads", "40", "-o", "json");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        using var json = JsonDocument.Parse(run.Output);
        var (writes, reads) = (json.RootElement.GetProperty("writes"), json.RootElement.GetProperty("reads"));
        Assert.Equal(await store.CountApplied(TestContext.Current.CancellationToken) - before - 1, writes.GetProperty("count").GetInt64()); // The one is the cleaning up.
        Assert.InRange(reads.GetProperty("count").GetDouble() / (reads.GetProperty("count").GetDouble() + writes.GetProperty("count").GetDouble()), 0.2, 0.6);
        Assert.InRange(writes.GetProperty("p99Ms").GetDouble(), writes.GetProperty("p50Ms").GetDouble(), writes.GetProperty("maxMs").GetDouble());
        Assert.Empty(writes.GetProperty("errors").EnumerateObject());
        Assert.Empty((await store.Range(KeyValueRange.Prefix(""), cancellationToken: TestContext.Current.CancellationToken)).Entries);
    }

    [Fact]
    public async Task The_table_is_of_known_form()
    {
        await _cluster.Create("kv/table");
        var run = await _cluster.Run("bench", "--group", "kv/table", "--duration", "200 ms", "--warm-up", "0 s", "--clients", "2", "--reads", "50");
        Snapshot.Matches("bench", run.ToString(), [(@" +[\d,.]+", " N")]);
    }

    [Fact]
    public async Task Failures_are_counted_by_kind_and_are_exit_code_1()
    {
        await _cluster.Create("kv/failing");
        var run = await _cluster.Run("bench", "--group", "kv/failing", "--duration", "200 ms", "--warm-up", "0 s", "--value-bytes", "1048576", "--clients", "1", "-o", "json");
        Assert.Equal(1, run.Exit);
        using var json = JsonDocument.Parse(run.Output);
        var writes = json.RootElement.GetProperty("writes");
        Assert.Equal(0, writes.GetProperty("count").GetInt64()); // With its key, such a value is longer than a command may be.
        Assert.True(writes.GetProperty("errors").GetProperty("invalidRequest").GetInt64() > 0);
    }

    [Fact]
    public async Task What_was_measured_is_shown_also_when_the_tidying_fails_and_what_is_left_is_told()
    {
        var group = await _cluster.Create("kv/untidy");
        using var output = new DeletingWriter(group);
        var run = await _cluster.RunWith(new ToolSurroundings { Output = output }, "bench", "--group", "kv/untidy", "--duration", "200 ms", "--warm-up", "0 s", "--timeout", "2 s", "-o", "json");
        Assert.Equal(1, run.Exit);
        Assert.StartsWith("Keys that begin with 'liferaft-bench/' are left in kv/untidy: ", run.Error, StringComparison.Ordinal);
        using var json = JsonDocument.Parse(output.ToString());
        Assert.True(json.RootElement.GetProperty("writes").GetProperty("count").GetInt64() > 0);
    }

    [Theory]
    [InlineData("--reads is a number from 0 to 100, not '101'", "--reads", "101")]
    [InlineData("--clients is a number from 1 to 4,096, not '0'", "--clients", "0")]
    [InlineData("--duration: '10' is no duration", "--duration", "10")]
    [InlineData("Option '--group' is required.")]
    public async Task Bad_command_lines_exit_with_2_and_say_why(string reason, params string[] arguments)
    {
        var run = await ToolRun.Of(["bench", .. arguments]);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    /// <summary>Deletes the group as soon as the figures are shown.</summary>
    private sealed class DeletingWriter(RaftGroup group) : StringWriter(CultureInfo.InvariantCulture)
    {
        public override void WriteLine(string? value)
        {
            base.WriteLine(value);
            group.Delete(CancellationToken.None).Wait(CancellationToken.None);
        }
    }
}
