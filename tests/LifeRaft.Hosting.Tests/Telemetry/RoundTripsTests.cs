using LifeRaft.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace LifeRaft.Hosting.Tests;

public sealed class RoundTripsTests
{
    private const string Endpoint = "liferaft-node/kv/orders/2@silo-b";
    private readonly FakeTimeProvider _time = new();
    private readonly MemberId _follower = new(Guid.NewGuid());
    private readonly RoundTrips _trips;

    public RoundTripsTests() => _trips = new RoundTrips(_time);

    [Fact]
    public void A_heartbeat_is_timed_to_its_answer()
    {
        _trips.Leaves(Heartbeat(1), Endpoint);
        Pass(3);
        _trips.Leaves(Heartbeat(2), Endpoint); // Not timed: one is.
        Pass(2);
        Assert.Equal(new RoundTrip("silo-b", true, TimeSpan.FromMilliseconds(5)), _trips.Arrived(HeartbeatAnswer(1)));
        Assert.Null(_trips.Arrived(HeartbeatAnswer(2)));
        Assert.Equal(TimeSpan.FromMilliseconds(5), _trips.Of(_follower)!.Latest);
    }

    [Fact]
    public void A_heartbeat_that_was_lost_is_not_timed_and_the_next_one_is()
    {
        _trips.Leaves(Heartbeat(1), Endpoint);
        Pass(50);
        _trips.Leaves(Heartbeat(2), Endpoint);
        Pass(1);
        Assert.Null(_trips.Arrived(HeartbeatAnswer(2)));
        _trips.Leaves(Heartbeat(3), Endpoint);
        Pass(4);
        Assert.Equal(new RoundTrip("silo-b", true, TimeSpan.FromMilliseconds(4)), _trips.Arrived(HeartbeatAnswer(3)));
        Assert.Equal(1, _trips.Of(_follower)!.Count);
    }

    [Fact]
    public void Entries_are_timed_until_all_of_them_are_acknowledged()
    {
        _trips.Leaves(Append(first: 5, count: 3), Endpoint);
        Pass(2);
        Assert.Null(_trips.Arrived(Acknowledgement(6)));
        Pass(2);
        Assert.Equal(new RoundTrip("silo-b", false, TimeSpan.FromMilliseconds(4)), _trips.Arrived(Acknowledgement(7)));
        Assert.Null(_trips.Arrived(Acknowledgement(7)));
    }

    [Fact]
    public void Entries_that_are_sent_again_are_timed_from_then()
    {
        _trips.Leaves(Append(first: 5, count: 3), Endpoint);
        Pass(1000);
        _trips.Leaves(Append(first: 5, count: 3), Endpoint);
        Pass(6);
        Assert.Equal(new RoundTrip("silo-b", false, TimeSpan.FromMilliseconds(6)), _trips.Arrived(Acknowledgement(9)));
    }

    [Fact]
    public void Neither_a_conflict_nor_a_probe_without_entries_is_a_round_trip()
    {
        _trips.Leaves(Append(first: 5, count: 0), Endpoint);
        Assert.Null(_trips.Arrived(Acknowledgement(4)));
        _trips.Leaves(Append(first: 5, count: 1), Endpoint);
        Assert.Null(_trips.Arrived(Acknowledgement(0) with { IsConflict = true }));
        Assert.Null(_trips.Arrived(Acknowledgement(5)));
    }

    [Fact]
    public void Another_term_begins_anew()
    {
        _trips.Leaves(Heartbeat(1), Endpoint);
        Pass(1);
        _trips.Arrived(HeartbeatAnswer(1));
        _trips.Leaves(Heartbeat(1) with { Term = new Term(4) }, Endpoint);
        Assert.Null(_trips.Arrived(HeartbeatAnswer(1)));
        Assert.Equal(0, _trips.Of(_follower)!.Count);
    }

    private void Pass(int milliseconds) => _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

    private HeartbeatRequest Heartbeat(long round) => new() { To = _follower, Term = new Term(3), Commit = default, Round = round };

    private HeartbeatResponse HeartbeatAnswer(long round) => new() { From = _follower, Term = new Term(3), Round = round, Verified = default, Match = default };

    private AppendRequest Append(long first, int count) => new()
    {
        To = _follower,
        Term = new Term(3),
        PreviousIndex = new LogIndex(first - 1),
        PreviousTerm = new Term(3),
        Entries = [.. Enumerable.Range(0, count).Select(i => LogEntry.Create(EntryKind.Command, new LogIndex(first + i), new Term(3), 0, [1]))],
        Commit = default,
    };

    private AppendResponse Acknowledgement(long match) => new() { From = _follower, Term = new Term(3), Match = new LogIndex(match) };
}
