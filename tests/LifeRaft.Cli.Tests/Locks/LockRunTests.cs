using System.Runtime.InteropServices;
using System.Text.Json;

namespace LifeRaft.Cli.Tests.Locks;

/// <summary>A program runs while a lock is held, and not otherwise.</summary>
public sealed class LockRunTests(OneSilo silo) : IClassFixture<OneSilo>
{
    private readonly CliCluster _cluster = silo.Cluster;

    [Theory]
    [InlineData(0, "exit 0")]
    [InlineData(7, "exit 7")]
    [InlineData(143, "kill -TERM $$")]
    [InlineData(0, "test \"$LIFERAFT_LOCK\" = nightly && test \"$LIFERAFT_FENCING_TOKEN\" -gt 0")]
    public async Task The_exit_code_is_that_of_the_program_which_finds_its_token(int exit, string script)
    {
        await _cluster.Create("lock/default");
        var run = await _cluster.Run("lock", "run", "nightly", "--", "sh", "-c", script);
        Assert.Equal((exit, "", ""), (run.Exit, run.Output, run.Error));
        Assert.Equal("", string.Join(',', (await _cluster.Run("lock", "list", "nightly")).Output.TrimEnd().Split(Environment.NewLine).Skip(1)));
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_127_and_a_lock_that_is_taken_is_75_and_neither_leaves_a_lock_behind()
    {
        await _cluster.Create("locks/taken");
        var run = await _cluster.Run("lock", "run", "free", "--group", "locks/taken", "--", "no-such-program");
        Assert.Equal(127, run.Exit);
        Assert.Contains("'no-such-program' cannot be started", run.Error, StringComparison.Ordinal);

        await using var locks = _cluster.Grains.GetRaftLocks("locks/taken");
        await using var held = await locks.Acquire("taken", LockOptions.Default with { Value = "somebody"u8.ToArray() }, TestContext.Current.CancellationToken);
        run = await _cluster.Run("lock", "run", "taken", "--group", "locks/taken", "--wait", "0 s", "--", "true");
        Assert.Equal((75, $"The lock 'taken' was not to be had at once; the program was not run.{Environment.NewLine}"), (run.Exit, run.Error));
        run = await _cluster.Run("lock", "run", "taken", "--group", "locks/taken", "--wait", "200 ms", "--", "true");
        Assert.Equal((75, $"The lock 'taken' was not to be had within 200 ms; the program was not run.{Environment.NewLine}"), (run.Exit, run.Error));

        run = await _cluster.Run("lock", "list", "--group", "locks/taken");
        Assert.Equal("LOCK   HELD AS    HOLDERS  WAITING  TOKEN  HOLDER", run.Output.Split(Environment.NewLine)[0]);
        Assert.Matches(@"^taken +exclusive +1 +0 +\d+ +somebody$", Assert.Single(run.Output.TrimEnd().Split(Environment.NewLine)[1..]));
        using var json = JsonDocument.Parse((await _cluster.Run("lock", "list", "--group", "locks/taken", "-o", "json")).Output);
        Assert.Equal("somebody", json.RootElement.GetProperty("locks")[0].GetProperty("holders")[0].GetProperty("value").GetString());
        Assert.Equal(JsonValueKind.Null, json.RootElement.GetProperty("stale").ValueKind);
    }

    [Fact]
    public async Task A_semaphore_has_as_many_holders_as_it_has_permits()
    {
        await _cluster.Create("locks/permits");
        await using var locks = _cluster.Grains.GetRaftLocks("locks/permits");
        await using var first = await locks.Acquire("s", LockOptions.Default with { Kind = LockKind.Semaphore(2) }, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await _cluster.Run("lock", "run", "s", "--group", "locks/permits", "--permits", "2", "--wait", "0 s", "--", "true")).Exit);
        await using var second = await locks.Acquire("s", LockOptions.Default with { Kind = LockKind.Semaphore(2) }, TestContext.Current.CancellationToken);
        Assert.Equal(75, (await _cluster.Run("lock", "run", "s", "--group", "locks/permits", "--permits", "2", "--wait", "0 s", "--", "true")).Exit);
    }

    [Theory]
    [InlineData(PosixSignal.SIGTERM, "TERM")]
    [InlineData(PosixSignal.SIGINT, "INT")]
    public async Task A_signal_to_the_tool_is_passed_on_to_the_program_and_the_lock_is_free_when_that_has_ended(PosixSignal signal, string trap)
    {
        await _cluster.Create("locks/signals");
        using var tool = ToolProcess.StartDetached(
            ["lock", "run", "s", "--group", "locks/signals", .. _cluster.Gateways, "--", "sh", "-c", $"trap 'echo trapped; exit 9' {trap}; echo ready; while :; do sleep 0.05; done"]);
        Assert.Equal("ready", await tool.NextLine());
        await using var locks = _cluster.Grains.GetRaftLocks("locks/signals");
        Assert.NotNull(await locks.Look("s", TestContext.Current.CancellationToken));
        tool.Send(signal);
        Assert.Equal("trapped", await tool.NextLine());
        Assert.Equal((9, ""), await tool.Ended());
        Assert.Null(await locks.Look("s", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Ctrl_C_in_a_terminal_reaches_the_program_once()
    {
        // Perl counts signals where a shell takes two for one. What the tool would pass on comes before the TERM that it is sent for the first.
        const string Counting = """
            $| = 1; $SIG{INT} = sub { kill 'TERM', getppid if ++$told == 1 }; $SIG{TERM} = sub { print "told $told\n"; exit 9 }; print "ready\n"; sleep 1 while 1
            """;
        await _cluster.Create("locks/typed");
        using var tool = ToolProcess.StartInTerminal(["lock", "run", "s", "--group", "locks/typed", .. _cluster.Gateways, "--", "perl", "-e", Counting]);
        Assert.Equal("ready", await tool.NextLine());
        await tool.Type("\u0003");
        Assert.EndsWith("told 1", await tool.NextLine(), StringComparison.Ordinal);
        Assert.Equal(9, (await tool.Ended()).Exit);
    }

    [Theory]
    [InlineData(PosixSignal.SIGINT)]
    [InlineData(PosixSignal.SIGHUP)]
    public async Task A_signal_that_was_ignored_when_the_tool_began_stays_ignored_by_it_and_by_the_program(PosixSignal signal)
    {
        await _cluster.Create("locks/ignored");
        using var tool = ToolProcess.StartIgnoring(
            "INT,HUP",
            ["lock", "run", "s", "--group", "locks/ignored", .. _cluster.Gateways, "--", "sh", "-c", "trap 'echo told' INT HUP; trap 'echo ended; exit 9' TERM; kill -INT $$; kill -HUP $$; echo ready; while :; do sleep 0.05; done"]);
        Assert.Equal("ready", await tool.NextLine());
        tool.Send(signal);
        tool.Send(PosixSignal.SIGTERM); // Signals are passed on in the order in which they come.
        Assert.Equal("ended", await tool.NextLine());
        Assert.Equal((9, ""), await tool.Ended());
    }

    [Fact]
    public async Task A_signal_while_it_waits_ends_the_waiting()
    {
        await _cluster.Create("locks/interrupted");
        await using var locks = _cluster.Grains.GetRaftLocks("locks/interrupted");
        await using var held = await locks.Acquire("s", cancellationToken: TestContext.Current.CancellationToken);
        using var tool = ToolProcess.Start(["lock", "run", "s", "--group", "locks/interrupted", .. _cluster.Gateways, "--", "true"]);
        await Wait.For("it waits", () => locks.Look("s", TestContext.Current.CancellationToken), state => state?.WaiterCount == 1);
        tool.Send(PosixSignal.SIGTERM);
        Assert.Equal((130, $"Interrupted.{Environment.NewLine}"), await tool.Ended());
        Assert.Equal(0, (await locks.Look("s", TestContext.Current.CancellationToken))!.WaiterCount);
    }

    [Theory]
    [InlineData("Required argument 'command' missing", "lock", "run", "name")]
    [InlineData("--ttl: '15' is no duration", "lock", "run", "name", "--ttl", "15", "--", "true")]
    [InlineData("--ttl is from 1 s to 1 h, not '1 ms'", "lock", "run", "name", "--ttl", "1 ms", "--", "true")]
    [InlineData("--shared and --permits exclude each other.", "lock", "run", "name", "--shared", "--permits", "2", "--", "true")]
    [InlineData("--permits is a number from 1", "lock", "run", "name", "--permits", "none", "--", "true")]
    [InlineData("--group: 'locks' is no group name", "lock", "list", "--group", "locks")]
    [InlineData("Required argument 'command' missing", "elect", "name")]
    [InlineData("--grace: '1' is no duration", "elect", "name", "--grace", "1", "--", "true")]
    public async Task Bad_command_lines_exit_with_2_and_say_why(string reason, params string[] arguments)
    {
        var run = await ToolRun.Of(arguments);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(reason, run.Error, StringComparison.Ordinal);
    }
}
