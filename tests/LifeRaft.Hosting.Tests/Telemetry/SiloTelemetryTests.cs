using LifeRaft.Hosting.Tests.Storage;
using LifeRaft.Protocol;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests;

/// <summary>What is said once for a silo, however many of its nodes see it.</summary>
public sealed class SiloTelemetryTests : IDisposable
{
    private static readonly NodeKey _node = NodeKey.Parse("kv/orders/1@silo-a");
    private readonly FakeTimeProvider _time = new();
    private readonly CapturedLog _log = new();
    private readonly TestInstruments _test = new();
    private readonly SiloTelemetry _silo;

    public SiloTelemetryTests() => _silo = new SiloTelemetry(_test.Instruments, new RaftGauges(_test.Instruments, new NodeSessions(), _time), Microsoft.Extensions.Options.Options.Create(new RaftOptions()), _time, _log);

    public void Dispose()
    {
        _test.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void A_silo_that_falls_silent_for_many_leaders_is_told_of_once_and_once_when_all_of_them_hear_it()
    {
        for (var group = 0; group < 1000; group++)
        {
            _silo.Lost("silo-b", _node);
        }

        Assert.Equal(["SiloSilent"], _log.Names);
        for (var group = 0; group < 999; group++)
        {
            _silo.Found("silo-b");
        }

        Assert.Single(_log.Entries);
        _silo.Found("silo-b");
        Assert.Equal(["SiloSilent", "SiloHeard"], _log.Names);
        Assert.Contains("'silo-b'", _log.Entries.First().Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Overload_is_told_of_once_a_minute_with_how_much_was_not()
    {
        for (var second = 0; second <= 60; second++)
        {
            _silo.Refused(_node);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(2, _log.Entries.Count);
        Assert.Contains("59 more", _log.Entries.Last().Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_commit_that_takes_as_long_as_an_election_timeout_is_told_of_and_a_stopped_store_is()
    {
        await using var store = new GroupCommitLogStoreTests.GatedStore();
        _silo.Opened(store);
        store.Committed!(new CommittedBatch(TimeSpan.FromMilliseconds(149), 1, 10));
        Assert.Empty(_log.Entries);
        store.Committed!(new CommittedBatch(TimeSpan.FromMilliseconds(150), 7, 900));
        store.Committed!(new CommittedBatch(TimeSpan.FromMilliseconds(150), 7, 900));
        var slow = Assert.Single(_log.Entries);
        Assert.Equal(("SlowSync", LogLevel.Warning), (slow.Id.Name, slow.Level));
        Assert.Contains("150 ms, for 7 entries of 900 bytes", slow.Message, StringComparison.Ordinal);

        await store.Open(TestContext.Current.CancellationToken);
        store.FailFromNowOn(new IOException("the disk is gone"));
        var write = (await store.Claim("g/1")).Durable(Entries(1, 1));
        store.OpenGate();
        await Assert.ThrowsAsync<LogStoreStoppedException>(() => write);
        await Until(() => _log.Names.Contains("StoreStopped"));
    }

    [Fact]
    public void A_leader_tells_of_its_election_and_of_members_that_come_fall_silent_and_return()
    {
        var bench = new PumpBench();
        var node = _silo.Of(_node);
        var me = bench.Found();
        Feed();
        Assert.Equal(["ElectionBegun", "LeadershipWon", "MemberJoined"], _log.Names);

        var learner = bench.AddLearner();
        Feed();
        Assert.Equal("MemberJoined", _log.Names.Last());
        for (var silence = TimeSpan.Zero; silence <= GroupTimings.Default.ElectionMax; silence += GroupTimings.Default.Heartbeat)
        {
            bench.Time.Advance(GroupTimings.Default.Heartbeat);
            bench.Pump.Wake();
            bench.Run();
        }

        Feed();
        Assert.Equal(["SiloSilent", "MemberSilent"], _log.Names.TakeLast(2).OrderDescending());
        var count = _log.Entries.Count;
        Feed();
        Assert.Equal(count, _log.Entries.Count);

        var heartbeat = bench.Sent.Select(sent => sent.Message).OfType<HeartbeatRequest>().Last();
        bench.Pump.Post(new MessageArrived(learner.Endpoint, new HeartbeatResponse
        {
            Group = heartbeat.Group,
            From = learner.Id,
            To = me.Id,
            Term = heartbeat.Term,
            Round = heartbeat.Round,
            Verified = default,
            Match = default,
        }));
        bench.Run();
        Feed();
        Assert.Equal(["MemberHeard", "SiloHeard"], _log.Names.TakeLast(2));

        void Feed()
        {
            foreach (var nodeEvent in bench.Events)
            {
                node.Happened(nodeEvent, bench.Pump.Node);
            }

            bench.Events.Clear();
            node.TurnEnded(bench.Pump.Node);
        }
    }

    private static async Task Until(Func<bool> isReached)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        while (!isReached())
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
