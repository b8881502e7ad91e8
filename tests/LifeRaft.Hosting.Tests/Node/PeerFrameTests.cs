using LifeRaft.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace LifeRaft.Hosting.Tests;

public sealed class PeerFrameTests : IDisposable
{
    private const string Sender = "liferaft-node/kv/1@silo";

    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void A_message_without_entries_arrives_as_it_left()
    {
        var vote = new VoteRequest { Term = new Term(3), LastIndex = new LogIndex(7), LastTerm = new Term(2) };
        var arrived = Travel(new PeerFrame(Sender, vote));
        Assert.Equal((Sender, vote), (arrived.From, arrived.Open()));
    }

    [Fact]
    public void The_entries_of_an_append_arrive_as_they_were_encoded()
    {
        var append = Append(payloadBytes: 300, entries: 3);
        var arrived = Assert.IsType<AppendRequest>(Travel(new PeerFrame(Sender, append)).Open());
        Assert.Equal(append.Entries.Select(entry => entry.Encoded.ToArray()), arrived.Entries.Select(entry => entry.Encoded.ToArray()));
        Assert.Equal(append with { Entries = [] }, arrived with { Entries = [] });
    }

    [Fact]
    public void What_has_arrived_can_be_passed_on()
    {
        var append = Append(payloadBytes: 300, entries: 3);
        var arrived = Assert.IsType<AppendRequest>(Travel(Travel(new PeerFrame(Sender, append))).Open());
        Assert.Equal(append.Entries.Select(entry => entry.Encoded.ToArray()), arrived.Entries.Select(entry => entry.Encoded.ToArray()));
    }

    [Fact]
    public void What_stands_beside_a_frame_arrives_too_and_the_same_frame_twice_is_one()
    {
        var serializer = _services.GetRequiredService<Serializer<List<object>>>();
        var frame = new PeerFrame(Sender, Append(payloadBytes: 10, entries: 2));
        var arrived = serializer.Deserialize(serializer.SerializeToArray([frame, Sender, frame, "end"]))!;
        Assert.Equal([Sender, "end"], [arrived[1], arrived[3]]);
        Assert.Same(arrived[0], arrived[2]);
    }

    [Fact]
    public void Within_a_silo_the_message_is_handed_over_as_it_is()
    {
        var frame = new PeerFrame(Sender, Append(payloadBytes: 10, entries: 2));
        Assert.Same(frame, _services.GetRequiredService<DeepCopier<PeerFrame>>().Copy(frame));
        Assert.Same(frame.Open(), frame.Open());
    }

    [Fact]
    public void A_message_of_another_version_is_refused_when_it_is_opened()
    {
        var message = MessageCodec.Encode(new TimeoutNow());
        message[0]++;
        var failure = Assert.Throws<FormatException>(() => Travel(new PeerFrame(Sender, message)).Open());
        Assert.Contains("Update the older silo.", failure.Message, StringComparison.Ordinal);
    }

    private PeerFrame Travel(PeerFrame frame)
    {
        var serializer = _services.GetRequiredService<Serializer<PeerFrame>>();
        return serializer.Deserialize(serializer.SerializeToArray(frame))!;
    }

    private static AppendRequest Append(int payloadBytes, int entries) => new()
    {
        Term = new Term(1),
        PreviousIndex = LogIndex.First,
        PreviousTerm = new Term(1),
        Commit = LogIndex.First,
        Entries = [.. Enumerable.Range(2, entries).Select(index => LogEntry.Create(EntryKind.Command, new LogIndex(index), new Term(1), 0, new byte[payloadBytes]))],
    };
}
