using System.Globalization;
using System.Text.Json;
using LifeRaft.Protocol;

namespace LifeRaft.Cli.Tests.Log;

/// <summary>The log as a node holds it.</summary>
public sealed class LogTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private readonly CliCluster _cluster = silo.Cluster;

    [Fact]
    public async Task Commands_of_a_key_value_group_are_shown_as_what_they_do()
    {
        var group = await _cluster.Create("kv/log");
        var store = new KeyValueStore(group);
        await store.Put("apple", "green"u8.ToArray(), TestContext.Current.CancellationToken);
        await store.CompareAndSwap("apple", 1, new byte[] { 0, 1, 255 }, TestContext.Current.CancellationToken);
        await store.Transact([KeyValueCondition.Present("apple")], [KeyValueOperation.Put("pear", "yellow"u8.ToArray()), KeyValueOperation.Delete("apple")], [KeyValueOperation.Get("apple")], TestContext.Current.CancellationToken);
        await store.Delete("pear", TestContext.Current.CancellationToken);
        await using (var session = await group.OpenSession(TestContext.Current.CancellationToken))
        {
            await new KeyValueStore(session).Put("plum", "blue"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        var run = await _cluster.Run("log", "show", "--group", "kv/log", "--count", "100");
        Assert.Equal(0, run.Exit);
        Snapshot.Matches("log-show", run.Output, [(@"(?m)^ +\d+ +\d+  ", "    N     N  "), (@"session \d+", "session N")]);
        Assert.Matches(@"^1@silo-1 holds entries 1 to \d+; it knows \d+ to be committed, and has applied \d+\.", run.Error);

        run = await _cluster.Run("log", "show", "--group", "kv/log", "--first", "1", "--count", "2", "-o", "json");
        using var json = JsonDocument.Parse(run.Output);
        Assert.Equal([1, 2], json.RootElement.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("index").GetInt64()));
        Assert.All(json.RootElement.GetProperty("entries").EnumerateArray(), entry => Assert.True(entry.GetProperty("committed").GetBoolean()));
    }

    [Fact]
    public async Task Commands_of_locks_are_shown_as_what_they_do()
    {
        await _cluster.Create("locks/log");
        await using (var locks = _cluster.Grains.GetRaftLocks("locks/log"))
        {
            await using var held = await locks.Acquire("nightly", cancellationToken: TestContext.Current.CancellationToken);
        }

        var run = await _cluster.Run("log", "show", "--group", "locks/log");
        Assert.Contains("acquire nightly exclusive for 15 s by ", run.Output, StringComparison.Ordinal);
        Assert.Contains("release ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tail_begins_with_the_last_entries_and_goes_on_with_what_comes()
    {
        var group = await _cluster.Create("kv/tail");
        var store = new KeyValueStore(group);
        await store.Put("first", "1"u8.ToArray(), TestContext.Current.CancellationToken);
        using var lines = new LineWriter();
        using var interrupted = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var tail = _cluster.RunWith(new ToolSurroundings { Output = lines, CancellationToken = interrupted.Token }, "log", "tail", "--group", "kv/tail", "--last", "1");
        Assert.EndsWith("put first: 1", await lines.Next(), StringComparison.Ordinal);
        for (var i = 0; i < 5; i++)
        {
            await store.Put($"next-{i}", "2"u8.ToArray(), TestContext.Current.CancellationToken);
        }

        var seen = new List<string>();
        while (seen.Count < 5)
        {
            var line = await lines.Next();
            if (line.Contains("put", StringComparison.Ordinal))
            {
                seen.Add(line[(line.LastIndexOf("next", StringComparison.Ordinal))..]);
            }
        }

        Assert.Equal(["next-0: 2", "next-1: 2", "next-2: 2", "next-3: 2", "next-4: 2"], seen);
        await interrupted.CancelAsync();
        Assert.Equal(130, (await tail.WaitAsync(Wait.Patience, TestContext.Current.CancellationToken)).Exit);
    }

    [Fact]
    public async Task A_slice_begins_where_the_log_does_and_is_bounded()
    {
        var group = await _cluster.Create("kv/slices");
        var store = new KeyValueStore(group);
        for (var i = 0; i < 12; i++)
        {
            await store.Put("big", new byte[50_000], TestContext.Current.CancellationToken);
        }

        var all = await group.ReadLog("1@silo-1", LogIndex.First, LogSlice.MaximumEntries, TestContext.Current.CancellationToken);
        Assert.InRange(all.Entries.Sum(entry => entry.Encoded.Length), 1, 300_000);
        Assert.Equal(LogIndex.First, all.Entries[0].Index);
        var last = await group.ReadLog("1@silo-1", all.Last, 10, TestContext.Current.CancellationToken);
        Assert.Equal(all.Last, Assert.Single(last.Entries).Index);
        Assert.Empty((await group.ReadLog("1@silo-1", all.Last + 1, 10, TestContext.Current.CancellationToken)).Entries);
        await Assert.ThrowsAsync<InvalidRequestException>(() => group.ReadLog("1@silo-1", LogIndex.First, 1001, TestContext.Current.CancellationToken));

        // What was compacted away is left out.
        var node = await group.Node("1@silo-1", TestContext.Current.CancellationToken);
        await node.TakeSnapshot();
        var status = await node.Status();
        var after = await group.ReadLog("1@silo-1", LogIndex.First, 5, TestContext.Current.CancellationToken);
        Assert.Equal(status.LogBase, after.Base);
        Assert.All(after.Entries, entry => Assert.True(entry.Index > status.LogBase));
    }

    [Theory]
    [InlineData("--count is a number from 1 to 100,000, not '0'", "log", "show", "--group", "kv/a", "--count", "0")]
    [InlineData("--first is a number from 1 on, not 'x'", "log", "show", "--group", "kv/a", "--first", "x")]
    [InlineData("--last is a number from 0 to 1,000, not '-1'", "log", "tail", "--group", "kv/a", "--last", "-1")]
    [InlineData("Option '--group' is required.", "log", "show")]
    public async Task Bad_command_lines_exit_with_2_and_say_why(string reason, params string[] arguments)
    {
        var run = await ToolRun.Of(arguments);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_malformed_node_is_misuse_and_an_unknown_group_a_failure()
    {
        Assert.Equal(2, (await _cluster.Run("log", "show", "--group", "kv/log", "--node", "nobody")).Exit);
        var run = await _cluster.Run("log", "show", "--group", string.Create(CultureInfo.InvariantCulture, $"kv/none-{7}"));
        Assert.Equal(4, run.Exit);
        Assert.Contains("No node of kv/none-7 answers", run.Error, StringComparison.Ordinal);
    }
}
