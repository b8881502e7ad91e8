using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests;

/// <summary>What a node and its silo hold for their callers is bounded, counted exactly, and given back however a request ends.</summary>
public sealed class RequestLoadTests
{
    private const int OfOne = RequestLoad.BytesOfRequest + 1;

    private readonly SiloLoad _silo = new(100 * OfOne);
    private readonly NodeLoad _load;

    public RequestLoadTests() => _load = Node();

    [Fact]
    public void Requests_and_bytes_of_a_node_and_bytes_of_its_silo_are_bounded()
    {
        var (few, small) = (Load(requests: 2), Load(bytes: 3 * OfOne));
        Assert.Null(few.TryTake(1));
        Assert.Null(few.TryTake(1));
        Assert.Same(Overload.Requests, few.TryTake(1));

        Assert.Null(small.TryTake(1));
        Assert.Same(Overload.NodeBytes, small.TryTake(RequestLoad.BytesOfRequest + 3));
        Assert.Null(small.TryTake(RequestLoad.BytesOfRequest + 2));

        Assert.Equal(5 * OfOne, _silo.Bytes);
        var large = Load();
        Assert.Same(Overload.SiloBytes, large.TryTake((95 * OfOne) - RequestLoad.BytesOfRequest + 1));
        Assert.Null(large.TryTake((95 * OfOne) - RequestLoad.BytesOfRequest));
        Assert.Equal((100 * OfOne, 1, 95 * OfOne), (_silo.Bytes, large.Requests, large.Bytes));

        few.GiveBack(1);
        Assert.Same(Overload.NodeBytes, small.TryTake(1));
        Assert.Null(few.TryTake(1));
    }

    [Fact]
    public void The_refusal_names_the_option_and_what_is_full() => Assert.All(
        new[] { (Overload.Inbox, "inbox", "PerNode"), (Overload.Requests, "requests", "MaximumPendingPerNode"), (Overload.NodeBytes, "node_bytes", "MaximumPendingBytesPerNode"), (Overload.SiloBytes, "silo_bytes", "MaximumPendingBytesPerSilo") },
        each =>
        {
            Assert.Equal((Outcome.Overloaded, each.Item2), (each.Item1.Refusal.Outcome, each.Item1.Queue));
            Assert.Contains(each.Item3, each.Item1.Refusal.Error, StringComparison.Ordinal);
        });

    [Fact]
    public void Neither_to_take_in_nor_to_refuse_allocates()
    {
        var load = Load(requests: 1);
        Take(10);
        var before = GC.GetAllocatedBytesForCurrentThread();
        Take(10_000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Take(int times)
        {
            for (var i = 0; i < times; i++)
            {
                Assert.True(load.TryTake(1) is null && load.TryTake(1) is not null);
                load.GiveBack(1);
            }
        }
    }

    [Fact]
    public async Task A_command_is_counted_until_it_is_applied_and_what_is_beyond_the_bound_is_refused()
    {
        var bench = new PumpBench(load: Node(requests: 2));
        bench.Found();
        var (first, second) = (Command(bench, 1), Command(bench, 13));
        Assert.Same(Overload.Requests, new RequestCaller().Hold(bench.Pump.Load.Requests, 1));
        bench.Run();
        Assert.Equal((1, 0, 2, 2 * OfOne), (bench.WritesWaiting, bench.Pump.Pending, bench.Pump.Load.Requests.Requests, _silo.Bytes));

        bench.CompleteAllWrites();
        Assert.Equal((Outcome.Done, Outcome.Done), ((await first).Outcome, (await second).Outcome));
        Holds(bench, nothing: true);
    }

    [Fact]
    public async Task A_query_is_counted_until_it_is_answered()
    {
        var bench = new PumpBench(load: _load);
        bench.Found();
        var query = Query(bench);
        Holds(bench, nothing: false);
        bench.CompleteAllWrites();
        Assert.Equal(Outcome.Done, (await query).Outcome);
        Holds(bench, nothing: true);
    }

    [Fact]
    public async Task What_is_refused_by_who_does_not_lead_is_given_back()
    {
        var bench = new PumpBench(load: _load);
        bench.Follow();
        var command = Command(bench, 1);
        bench.CompleteAllWrites();
        Assert.Equal(Outcome.NotLeader, (await command).Outcome);
        Holds(bench, nothing: true);
    }

    [Fact]
    public async Task Questions_that_wait_keep_no_commands_out_and_are_given_back_when_answered_or_withdrawn()
    {
        var bench = new PumpBench(new TimedMachine(), load: Node(requests: 2));
        bench.Found();
        var (answered, withdrawn) = (Ask(bench, 1), Ask(bench, 2));
        bench.Run();
        Assert.Equal((2, 2 * OfOne), (bench.Pump.Load.Waiting.Requests, bench.Pump.Load.Waiting.Bytes));
        Assert.Same(Overload.Requests, new WaitingCaller(default).Hold(bench.Pump.Load.Waiting, 1));

        var command = Command(bench, 1);
        bench.CompleteAllWrites();
        await command;
        await answered.Reply;
        Assert.Equal(1, bench.Pump.Load.Waiting.Requests);

        bench.Pump.Withdraw(withdrawn);
        bench.Pump.Withdraw(withdrawn);
        bench.Pump.Withdraw(answered);
        bench.Run();
        Assert.False(withdrawn.Reply.IsCompleted);
        Holds(bench, nothing: true);
    }

    [Fact]
    public async Task A_node_that_ends_gives_everything_back_and_answers_everybody()
    {
        var bench = new PumpBench(new TimedMachine(), load: _load);
        bench.Found();
        var replies = Fill(bench);
        bench.Pump.Post(new NodeRequest((node, now) => node.Stop(NodeEnd.Removed, now)));
        replies.Add(Command(bench, 1));
        bench.CompleteAllWrites();
        await AllAnswered(bench, replies);
    }

    [Fact]
    public async Task A_node_that_fails_gives_everything_back_and_answers_everybody()
    {
        var bench = new PumpBench(new TimedMachine(), load: _load);
        bench.Found();
        var replies = Fill(bench);
        bench.Pump.Post(new NodeFailed("the disk is gone", new IOException()));
        replies.Add(Command(bench, 1));
        replies.Add(Query(bench));
        bench.Run();
        await AllAnswered(bench, replies);
    }

    [Fact]
    public async Task A_log_that_throws_leaves_nobody_without_an_answer()
    {
        var bench = new PumpBench(new TimedMachine(), load: _load);
        bench.Found();
        var replies = Fill(bench);
        replies.Add(Query(bench));
        bench.Broken = new LogStoreStoppedException("another node's write failed");
        bench.CompleteWrite();
        await AllAnswered(bench, replies);
    }

    [Fact]
    public void A_node_that_is_halted_answers_nobody_and_its_silo_gets_back_what_it_held()
    {
        var bench = new PumpBench(new TimedMachine(), load: _load);
        bench.Found();
        var others = Load();
        Assert.Null(others.TryTake(1));
        var replies = Fill(bench);
        bench.Pump.Halt();
        bench.Run();
        bench.Pump.Load.Close();
        bench.Pump.Load.Close();
        Assert.DoesNotContain(replies, reply => reply.IsCompleted);
        Assert.Equal((0, OfOne), (bench.Pump.Load.Requests.Requests, _silo.Bytes));
    }

    private RequestLoad Load(int requests = int.MaxValue, long bytes = long.MaxValue) => new(_silo, requests, bytes);

    private NodeLoad Node(int requests = int.MaxValue) => new(Load(requests), Load(requests));

    /// <summary>One command is being written, another waits for that, a question waits for an answer, and a command is in the inbox.</summary>
    private static List<Task<Reply>> Fill(PumpBench bench)
    {
        List<Task<Reply>> replies = [Command(bench, 1)];
        bench.Run();
        replies.Add(Command(bench, 2));
        replies.Add(Ask(bench, 9).Reply);
        bench.Run();
        replies.Add(Command(bench, 3));
        Holds(bench, nothing: false);
        return replies;
    }

    private async Task AllAnswered(PumpBench bench, List<Task<Reply>> replies)
    {
        Assert.True(bench.Pump.IsOver);
        Assert.All(replies, reply => Assert.True(reply.IsCompleted));
        Assert.All(await Task.WhenAll(replies), reply => Assert.True(reply.Outcome is Outcome.Unknown or Outcome.Stopped));
        Holds(bench, nothing: true);
        Assert.Equal(0, _silo.Bytes);
    }

    private static void Holds(PumpBench bench, bool nothing)
    {
        var load = bench.Pump.Load;
        Assert.Equal(nothing, load.Requests.Requests + load.Waiting.Requests == 0);
        Assert.Equal(nothing, load.Requests.Bytes + load.Waiting.Bytes == 0);
    }

    private static Task<Reply> Command(PumpBench bench, byte command)
    {
        var caller = new RequestCaller();
        Assert.Null(caller.Hold(bench.Pump.Load.Requests, 1));
        bench.Pump.Post(new CommandArrived(new[] { command }, caller, 0));
        return caller.Reply;
    }

    private static Task<Reply> Query(PumpBench bench)
    {
        var caller = new QueryCaller(new byte[] { 1 });
        Assert.Null(caller.Hold(bench.Pump.Load.Requests, 1));
        bench.Pump.Post(new NodeRequest((node, now) => node.Read(caller, now)));
        return caller.Reply;
    }

    private static WaitingCaller Ask(PumpBench bench, byte question)
    {
        var caller = new WaitingCaller(new[] { question });
        Assert.Null(caller.Hold(bench.Pump.Load.Waiting, 1));
        bench.Pump.Await(caller);
        return caller;
    }
}
