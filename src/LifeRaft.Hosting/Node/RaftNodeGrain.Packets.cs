using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>Packets: what users send through the nodes, and what they feed them by hand.</summary>
public partial class RaftNodeGrain
{
    /// <summary>
    /// Carries a packet to a peer for <see cref="Message"/> and returns its answer. Override it to send packets another way.
    /// </summary>
    /// <param name="peer">The member.</param>
    /// <param name="packet">The packet.</param>
    protected virtual Task<RaftPacket?> Write(MemberStatus peer, RaftPacket packet)
    {
        ArgumentNullException.ThrowIfNull(peer);
        return GrainFactory.GetGrain<IRaftNode>(peer.Grain).Receive(packet);
    }

    /// <inheritdoc/>
    public async Task<MessageResults> Message(MessageTarget target, RaftPacket packet)
    {
        ArgumentNullException.ThrowIfNull(packet);
        var session = Session;
        var recipients = Recipients(session.Status(_latency), target);
        var results = new Dictionary<string, RaftPacket?>();
        var errors = new Dictionary<string, string>();
        var latencies = new List<TimeSpan>();
        await Task.WhenAll(recipients.Select(async peer =>
        {
            var sent = _silo.Time.GetTimestamp();
            try
            {
                var answer = await Write(peer, packet).WaitAsync(_silo.Options.MessageTimeout, _silo.Time);
                results[peer.Address] = answer;
                if (answer is not null)
                {
                    // An answer is data like any other packet.
                    await Receive(answer);
                }
            }
            catch (Exception failure) when (failure is not OutOfMemoryException)
            {
                errors[peer.Address] = failure.Message;
                Raise(new ErrorEvent($"The packet '{packet.Type}' did not reach {peer.Address}: {failure.Message}"));
            }

            latencies.Add(_silo.Time.GetElapsedTime(sent));
        }));
        UpdateLatency(session, latencies);
        return new MessageResults(results, errors);
    }

    /// <inheritdoc/>
    public async Task<RaftPacket?> Receive(RaftPacket? packet)
    {
        var session = Session;
        if (packet is null || string.IsNullOrEmpty(packet.Type) || packet.Address is null || packet.Term < Term.Zero || !Enum.IsDefined(packet.State))
        {
            return Refuse(session, "Invalid packet received");
        }

        if (!session.Pump.IsOver)
        {
            Raise(new DataEvent(packet));
        }

        switch (packet.Type)
        {
            case PacketTypes.Error:
                Raise(new ErrorEvent($"{packet.Address}: {packet.Data}"));
                return null;
            case PacketTypes.Exec:
                return null;
            case var type when IsRaft(type):
                return await ReceiveRaft(session, packet);
            default:
                return await ReceiveRpc(session, packet);
        }
    }

    private async Task<RaftPacket?> ReceiveRpc(NodeSession session, RaftPacket packet)
    {
        var answer = await OnRpc(packet);
        if (answer is null)
        {
            return Refuse(session, $"Unknown message type: {packet.Type}");
        }

        Raise(new RpcEvent(packet));
        return answer;
    }

    /// <summary>A packet of Raft's own: it counts as a message of the member that it names, so it must name the present ids.</summary>
    private async Task<RaftPacket?> ReceiveRaft(NodeSession session, RaftPacket packet)
    {
        var node = session.Node;
        if (session.Pump.IsOver || packet.Group != node.Identity.Group || !node.Configuration.Contains(packet.Member))
        {
            return Refuse(session, $"Invalid packet received: member {packet.Member} of group {packet.Group} does not belong to {_key}, which is of group {node.Identity.Group}");
        }

        if (packet.Term < node.Term)
        {
            return Refuse(session, $"Stale term: the packet is of term {packet.Term}, but the term is {node.Term}");
        }

        if (packet.Type == PacketTypes.Voted && node.State != RaftState.Candidate)
        {
            return Refuse(session, "A vote arrived, but this node is no candidate");
        }

        try
        {
            var message = session.Packets.ToMessage(packet)!;
            var isAnswered = message is VoteRequest or AppendRequest or HeartbeatRequest;
            if (!isAnswered)
            {
                session.Pump.Post(new MessageArrived("", message));
                return null;
            }

            var answer = await session.Pump.Ask(message).WaitAsync(_silo.Options.MessageTimeout, _silo.Time);
            return session.Packets.FromMessage(answer) with { Address = _key.Address.ToString() };
        }
        catch (Exception failure) when (failure is FormatException or InvalidCastException)
        {
            return Refuse(session, $"Invalid packet received: {failure.Message}");
        }
    }

    private RaftPacket Refuse(NodeSession session, string error)
    {
        Raise(new ErrorEvent(error));
        return session.Packets.Error(error);
    }

    private static List<MemberStatus> Recipients(NodeStatus status, MessageTarget target)
    {
        var peers = status.Members.Where(member => member.Address != status.Address).ToList();
        switch (target.Kind)
        {
            case MessageTargetKind.Leader:
                return status.Leader.Length > 0 || status.State == RaftState.Leader
                    ? [.. peers.Where(peer => peer.Address == status.Leader)]
                    : throw new InvalidRequestException($"{status.Address} knows no leader now, so nothing was sent.");
            case MessageTargetKind.Followers:
                return [.. peers.Where(peer => peer.Address != status.Leader)];
            case MessageTargetKind.Everyone:
                return peers;
            case MessageTargetKind.Node when target.Address == status.Address:
                return [];
            case MessageTargetKind.Node:
                return peers.Find(peer => peer.Address == target.Address) is { } peer
                    ? [peer]
                    : throw new InvalidRequestException($"No member has the address '{target.Address}'. The members are {string.Join(", ", status.Members.Select(member => member.Address))}; nothing was sent.");
            default:
                throw new InvalidRequestException("The target of the message is not set. Name the leader, the followers, everyone, or a node; nothing was sent.");
        }
    }

    /// <summary>Each round trip counts once; liferaft's <c>timing</c>.</summary>
    private void UpdateLatency(NodeSession session, List<TimeSpan> latencies)
    {
        if (session.Pump.IsOver || latencies.Count == 0)
        {
            return;
        }

        _latency = latencies.Aggregate(TimeSpan.Zero, (sum, latency) => sum + latency) / latencies.Count;
        var timings = session.Node.Configuration.Timings;
        if (_latency > timings.ElectionMin * timings.Threshold)
        {
            Raise(new ThresholdEvent(_latency));
        }
    }
}
