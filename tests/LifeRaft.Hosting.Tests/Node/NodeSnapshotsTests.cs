using LifeRaft.Protocol;
using Xunit;

namespace LifeRaft.Hosting.Tests;

public sealed class NodeSnapshotsTests
{
    private static readonly RaftSettings _keepsNothing = new() { EntriesKeptBehindSnapshot = 0 };

    [Fact]
    public void A_snapshot_is_taken_after_so_many_entries_and_the_log_is_compacted_behind_it()
    {
        var bench = new PumpBench(settings: _keepsNothing, thresholds: new SnapshotThresholds(Entries: 5, Bytes: long.MaxValue));
        bench.Found();
        bench.CompleteSnapshotWork();
        for (byte i = 0; i < 3; i++)
        {
            bench.Propose(1);
            bench.CompleteAllWrites();
        }

        Assert.Equal(1, bench.SnapshotWorkWaiting);
        bench.CompleteSnapshotWork();
        bench.CompleteAllWrites();
        var taken = Assert.Single(bench.InForce);
        Assert.Equal((5L, 5L), (taken.Header.Index.Value, bench.Pump.Node.LogBase.Index.Value));
        Assert.Contains(bench.Events, happened => happened is Protocol.SnapshotInForce);
    }

    [Fact]
    public void A_snapshot_is_taken_after_so_many_bytes()
    {
        var bench = new PumpBench(thresholds: new SnapshotThresholds(long.MaxValue, Bytes: 1));
        bench.Found();
        Assert.Equal(1, bench.SnapshotWorkWaiting);
    }

    [Fact]
    public async Task Turns_go_on_while_a_snapshot_is_written_and_it_has_the_state_of_when_it_was_begun()
    {
        var bench = new PumpBench();
        bench.Found();
        bench.Propose(1);
        bench.CompleteAllWrites();
        var taken = bench.Pump.TakeSnapshot();
        bench.Run();
        var late = bench.Propose(1);
        bench.CompleteAllWrites();
        Assert.Equal(2, (await late.Reply).Result.Span[0]);
        bench.CompleteSnapshotWork();
        bench.CompleteAllWrites();
        var header = (await taken)!;
        Assert.Equal(bench.Pump.Node.AppliedIndex - 1, header.Index);
        var read = ((INodeLog)bench).ReadSnapshotPart(header, 0, (int)header.Bytes, CancellationToken.None);
        bench.CompleteSnapshotWork();
        Assert.Equal(1, (await read).Span[^1]); // What the machine wrote, behind the sessions.
    }

    [Fact]
    public async Task When_nothing_was_applied_since_the_snapshot_there_is_stays()
    {
        var bench = new PumpBench();
        bench.Found();
        var first = bench.Pump.TakeSnapshot();
        bench.CompleteSnapshotWork();
        bench.CompleteAllWrites();
        var second = bench.Pump.TakeSnapshot();
        bench.Run();
        Assert.Equal(0, bench.SnapshotWorkWaiting);
        Assert.Equal(await first, await second);
    }

    [Fact]
    public void A_machine_that_cannot_write_itself_costs_the_snapshot_and_not_the_node()
    {
        var bench = new PumpBench(new ReluctantMachine());
        bench.Found();
        var taken = bench.Pump.TakeSnapshot();
        bench.CompleteSnapshotWork();
        Assert.True(taken.IsFaulted);
        Assert.Equal("not now", Assert.Single(bench.SnapshotFailures).Message);
        Assert.Null(bench.End);
        var again = bench.Pump.TakeSnapshot();
        bench.CompleteSnapshotWork();
        Assert.True(again.IsFaulted);
    }

    [Fact]
    public void An_installed_snapshot_brings_the_machine_that_was_loaded_from_it()
    {
        var bench = new PumpBench();
        var (me, leader, group) = bench.Follow();
        var old = bench.Pump.State.Machine;
        Install(bench, me, leader, group, content: 41);
        Assert.NotSame(old, bench.Pump.State.Machine);
        Assert.Equal(41, bench.Pump.State.Machine.Query(default).Span[0]);
        Assert.Equal(9, bench.Pump.Node.AppliedIndex.Value);
    }

    [Fact]
    public void A_machine_that_cannot_read_a_snapshot_stops_its_node()
    {
        var bench = new PumpBench { NewMachine = () => new ReluctantMachine() };
        var (me, leader, group) = bench.Follow();
        Install(bench, me, leader, group, content: 41);
        Assert.Equal(NodeEnd.Failed, bench.End?.End);
        Assert.Contains("could not be loaded", bench.End?.Failure?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_that_is_not_what_its_header_says_is_asked_for_again()
    {
        var bench = new PumpBench();
        var (me, leader, group) = bench.Follow();
        Install(bench, me, leader, group, content: 41, checksum: 7);
        Assert.Null(bench.End);
        Assert.True(bench.Sent[^1].Message is SnapshotResponse { Offset: 0, IsGap: true });
    }

    [Fact]
    public void Who_asks_a_node_that_is_over_for_a_snapshot_is_told_so()
    {
        var bench = new PumpBench();
        bench.Found();
        bench.Pump.Post(new NodeRequest((node, now) => node.Stop(NodeEnd.Failed, now)));
        bench.Run();
        var taken = bench.Pump.TakeSnapshot();
        bench.Run();
        Assert.True(taken.IsFaulted);
    }

    private static void Install(PumpBench bench, Member me, Member leader, GroupId group, byte content, ulong? checksum = null)
    {
        using var bytes = new MemoryStream();
        new ReplicatedState(new PumpBench.CountingMachine { Applied = content }).CaptureSnapshot()(bytes);
        using var hash = new ChecksumStream(Stream.Null);
        hash.Write(bytes.ToArray());
        var configuration = GroupConfiguration.Founding(leader, GroupTimings.Default) with { Voters = [me, leader] };
        var header = new SnapshotHeader(new LogPosition(new LogIndex(9), new Term(1)), LogIndex.First, configuration, bytes.Length, checksum ?? hash.Content.Checksum);
        bench.Pump.Post(new MessageArrived("leader", new SnapshotRequest
        {
            Group = group,
            From = leader.Id,
            To = me.Id,
            Term = new Term(1),
            Header = header,
            Offset = 0,
            Data = bytes.ToArray(),
        }));
        bench.CompleteSnapshotWork();
        bench.CompleteAllWrites();
    }

    private sealed class ReluctantMachine : IStateMachine
    {
        public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command) => default;

        public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query) => default;

        public Action<Stream> CaptureSnapshot() => static _ => throw new InvalidOperationException("not now");

        public void ReadSnapshot(Stream source) => throw new InvalidOperationException("not this");
    }
}
