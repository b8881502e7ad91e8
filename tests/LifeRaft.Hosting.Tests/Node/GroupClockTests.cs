using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests;

/// <summary>
/// The clock of a group on one node. That it is never fast, whatever happens to leaders, is judged in the simulation ("the group's clock is never
/// fast"); here, that it does not stand still where it need not.
/// </summary>
public sealed class GroupClockTests
{
    private readonly TimedMachine _machine = new();
    private readonly PumpBench _bench;

    public GroupClockTests() => _bench = new PumpBench(_machine);

    [Fact]
    public void It_counts_on_while_one_client_waits_for_each_answer()
    {
        _bench.Found();
        for (byte i = 0; i < 100; i++)
        {
            _bench.Propose(i);
            _bench.Run();
            _bench.Time.Advance(TimeSpan.FromMilliseconds(10)); // Until the write is durable; the next command comes at once.
            _bench.CompleteAllWrites();
        }

        Assert.Equal(TimeSpan.FromMilliseconds(990), _machine.Clocks[^1] - _machine.Clocks[0]);
    }

    [Fact]
    public void A_follower_that_comes_to_lead_has_counted_what_passed_since_it_applied_the_last_entry()
    {
        var (me, leader, group) = _bench.Follow();
        Append(leader, me, group, 2, TimeSpan.FromSeconds(5));
        _bench.Time.Advance(TimeSpan.FromSeconds(60));
        Lead(me, leader, group);

        _bench.Propose(1);
        _bench.CompleteAllWrites();
        Acknowledge(me, leader, group);
        Assert.Equal([TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(65)], _machine.Clocks);
    }

    [Fact]
    public void A_machine_that_waits_for_the_end_of_time_does_not_stop_who_comes_to_lead()
    {
        _machine.Deadline = TimeSpan.MaxValue;
        var (me, leader, group) = _bench.Follow();
        _bench.Time.Advance(TimeSpan.FromSeconds(60)); // This node's own clock is ahead of the group's.
        Append(leader, me, group, 2, TimeSpan.FromSeconds(5));
        Lead(me, leader, group);
        Acknowledge(me, leader, group);
        Assert.Null(_bench.End);
        Assert.Equal(0, _machine.Ticks);
    }

    [Fact]
    public void It_begins_where_a_snapshot_or_an_earlier_life_has_left_it()
    {
        var state = new ReplicatedState(new TimedMachine());
        state.Apply(LogEntry.Create(EntryKind.Command, new LogIndex(2), new Term(1), 0, [1], TimeSpan.FromSeconds(7)), GroupId.None);
        using var bytes = new MemoryStream();
        state.CaptureSnapshot()(bytes);
        bytes.Position = 0;
        var restored = new ReplicatedState(new TimedMachine());
        restored.ReadSnapshot(bytes);
        Assert.Equal(TimeSpan.FromSeconds(7), restored.Clock);

        var clock = new GroupClock(state);
        clock.Installed(restored, TimeSpan.FromSeconds(100));
        Assert.Equal(TimeSpan.FromSeconds(8), clock.Read(TimeSpan.FromSeconds(101)));
        Assert.Equal(TimeSpan.FromSeconds(102), clock.WhenItShows(TimeSpan.FromSeconds(9)));
    }

    [Fact]
    public void It_never_goes_back_for_the_machine()
    {
        var machine = new TimedMachine();
        var state = new ReplicatedState(machine);
        foreach (var seconds in new[] { 3, 2, 4 })
        {
            state.Apply(LogEntry.Create(EntryKind.Command, new LogIndex(2), new Term(1), 0, [1], TimeSpan.FromSeconds(seconds)), GroupId.None);
        }

        Assert.Equal([3, 3, 4], machine.Clocks.Select(clock => clock.TotalSeconds));
    }

    private void Append(Member leader, Member me, GroupId group, long index, TimeSpan clock)
    {
        _bench.Pump.Post(new MessageArrived("leader", new AppendRequest
        {
            Group = group,
            From = leader.Id,
            To = me.Id,
            Term = new Term(1),
            PreviousIndex = new LogIndex(index - 1),
            PreviousTerm = new Term(1),
            Entries = [LogEntry.Create(EntryKind.Command, new LogIndex(index), new Term(1), 0, [1], clock)],
            Commit = new LogIndex(index),
        }));
        _bench.CompleteAllWrites();
    }

    private void Lead(Member me, Member leader, GroupId group)
    {
        _bench.Pump.Post(new NodeRequest((node, now) => node.Campaign(new RequestCaller(), now)));
        _bench.CompleteAllWrites();
        Assert.True(_bench.End is null, _bench.End?.Failure?.ToString());
        var request = _bench.Sent.Select(sent => sent.Message).OfType<VoteRequest>().Last();
        _bench.Pump.Post(new MessageArrived("leader", new VoteResponse
        {
            Group = group,
            From = leader.Id,
            To = me.Id,
            Term = request.Term,
            Granted = true,
            RequestTerm = request.Term,
        }));
        _bench.CompleteAllWrites();
        Assert.Equal(RaftState.Leader, _bench.Pump.Node.State);
    }

    private void Acknowledge(Member me, Member leader, GroupId group)
    {
        _bench.Pump.Post(new MessageArrived("leader", new AppendResponse
        {
            Group = group,
            From = leader.Id,
            To = me.Id,
            Term = _bench.Pump.Node.Term,
            Match = _bench.Pump.Node.Status().Last,
        }));
        _bench.CompleteAllWrites();
    }
}
