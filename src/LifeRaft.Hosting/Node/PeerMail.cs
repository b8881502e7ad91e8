using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// Where the messages of a node go: to the endpoints that its configuration names, to who has written before, or, for a message that
/// somebody waits on, to that caller. All members are used within turns.
/// </summary>
internal sealed class PeerMail(NodePorts ports, RaftNode node)
{
    private readonly Dictionary<MemberId, string> _senders = [];
    private readonly Dictionary<long, TaskCompletionSource<RaftMessage>> _correlated = [];
    private long _correlations;

    /// <summary>How long followers take to answer.</summary>
    public RoundTrips RoundTrips { get; } = new(ports.Time);

    /// <summary>A message has arrived. One whose answer somebody waits for gets a number by which the answer is known.</summary>
    public RaftMessage Arrived(MessageArrived arrived)
    {
        if (arrived.Answer is { } answer)
        {
            arrived.Message = arrived.Message with { Correlation = ++_correlations };
            _correlated.Add(_correlations, answer);
        }

        Remember(arrived.Message.From, arrived.From);
        if (RoundTrips.Arrived(arrived.Message) is { } trip)
        {
            ports.Meter?.RoundTrip(trip);
        }

        return arrived.Message;
    }

    public void SendAll(IReadOnlyList<RaftMessage> messages)
    {
        ReadOnlyMemory<byte>? attachment = null;
        foreach (var message in messages)
        {
            if (message is HeartbeatRequest heartbeat)
            {
                attachment ??= ports.Observer.HeartbeatLeaves();
                Send(attachment.Value.IsEmpty ? heartbeat : heartbeat with { Attachment = attachment.Value });
            }
            else
            {
                Send(message);
            }
        }
    }

    public void Send(RaftMessage message)
    {
        if (message.Correlation != 0)
        {
            if (_correlated.Remove(message.Correlation, out var waiting))
            {
                waiting.SetResult(message);
            }
        }
        else if (EndpointOf(message.To) is { } endpoint)
        {
            RoundTrips.Leaves(message, endpoint);
            if (message is SnapshotRequest part)
            {
                ports.Meter?.SnapshotPartLeaves(part.Data.Length);
            }

            ports.Transport.Send(ports.Endpoint, endpoint, message);
        }
    }

    private string? EndpointOf(MemberId member) =>
        node.Configuration.Find(member)?.Endpoint ?? _senders.GetValueOrDefault(member);

    /// <summary>Answers go back to who asked, also to one that the configuration here does not know yet.</summary>
    private void Remember(MemberId member, string endpoint)
    {
        const int Enough = 64;
        if (endpoint.Length == 0 || node.Configuration.Find(member) is not null)
        {
            return;
        }

        if (_senders.Count >= Enough)
        {
            _senders.Clear();
        }

        _senders[member] = endpoint;
    }
}
