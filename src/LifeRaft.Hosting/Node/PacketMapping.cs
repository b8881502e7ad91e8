using LifeRaft.Protocol;
using Orleans.Serialization;

namespace LifeRaft.Hosting;

/// <summary>Between liferaft's packets and the messages of the protocol.</summary>
internal sealed class PacketMapping(NodeAddress address, Func<RaftNode> node, Serializer serializer)
{
    /// <summary>A packet with everything but the type filled in from the node.</summary>
    public RaftPacket Create(string type)
    {
        var status = node().Status();
        return new RaftPacket
        {
            Type = type,
            State = status.State,
            Term = status.Term,
            Address = address.ToString(),
            Leader = AddressOf(status.Leader),
            Last = new PacketLog(status.Last, status.LastTerm, status.Commit),
            Group = status.Identity.Group,
            Member = status.Identity.Member,
        };
    }

    public RaftPacket Create(string type, object? data) => Create(type) with { HasData = true, Data = data };

    public RaftPacket Error(string text) => Create(PacketTypes.Error, text);

    /// <summary>A message as liferaft would have sent it.</summary>
    public RaftPacket FromMessage(RaftMessage message)
    {
        var sender = AddressOf(message.From);
        var packet = new RaftPacket
        {
            Type = TypeOf(message),
            State = StateOf(message),
            Term = message.Term,
            Address = sender,
            Leader = message is AppendRequest or HeartbeatRequest ? sender : "",
            Group = message.Group,
            Member = message.From,
        };
        return message switch
        {
            VoteRequest vote => packet with { Last = new PacketLog(vote.LastIndex, vote.LastTerm, default) },
            VoteResponse vote => packet with { HasData = true, Data = vote.Granted },
            AppendRequest append => packet with
            {
                Last = new PacketLog(append.PreviousIndex, append.PreviousTerm, append.Commit),
                HasData = append.Entries.Count > 0,
                Data = append.Entries.Count > 0 ? append.Entries.Select(entry => entry.Encoded.ToArray()).ToArray() : null,
            },
            AppendResponse { IsConflict: true } append => packet with { Last = new PacketLog(append.HintIndex, append.HintTerm, default) },
            AppendResponse append => packet with { Last = new PacketLog(append.Match, default, default) },
            HeartbeatRequest beat => packet with { Last = new PacketLog(default, default, beat.Commit), HasData = !beat.Attachment.IsEmpty, Data = Data(beat.Attachment) },
            HeartbeatResponse beat => packet with { Last = new PacketLog(beat.Match, default, default) },
            Refusal refusal => packet with { HasData = true, Data = $"Refused: {refusal.Reason}" },
            _ => packet,
        };
    }

    /// <summary>The data of a heartbeat packet, as it travels.</summary>
    public ReadOnlyMemory<byte> Attachment(RaftPacket heartbeat) => heartbeat.HasData ? serializer.SerializeToArray(heartbeat.Data) : default;

    /// <summary>The message that a packet of one of Raft's own types stands for; null where it stands for none.</summary>
    /// <exception cref="FormatException">The packet's data does not fit its type.</exception>
    public RaftMessage? ToMessage(RaftPacket packet)
    {
        RaftMessage? message = packet.Type switch
        {
            PacketTypes.Vote => new VoteRequest { LastIndex = packet.Last.Index, LastTerm = packet.Last.Term },
            PacketTypes.Voted => new VoteResponse { Granted = packet.Data is true, RequestTerm = packet.Term },
            PacketTypes.Append when packet.Data is null => new HeartbeatRequest { Commit = packet.Last.CommittedIndex, Round = 0 },
            PacketTypes.Append => Append(packet),
            PacketTypes.AppendAck => new AppendResponse { Match = packet.Last.Index },
            PacketTypes.AppendFail => new AppendResponse { IsConflict = true, RejectedIndex = packet.Last.Index + 1, HintIndex = packet.Last.Index, HintTerm = packet.Last.Term },
            _ => null,
        };
        return message is null ? null : message with
        {
            Group = packet.Group,
            From = packet.Member,
            To = node().Identity.Member,
            Term = packet.Term,
        };
    }

    private object? Data(ReadOnlyMemory<byte> attachment) => attachment.IsEmpty ? null : serializer.Deserialize<object?>(attachment);

    private static AppendRequest Append(RaftPacket packet)
    {
        var entries = packet.Data is byte[][] encoded
            ? encoded.Select(bytes => LogEntry.Decode(bytes)).ToList()
            : throw new FormatException($"the data of an append is a byte[][] of encoded entries, not {packet.Data?.GetType().Name}");
        for (var i = 0; i < entries.Count; i++)
        {
            if (entries[i].Index != packet.Last.Index + i + 1 || entries[i].Term > packet.Term)
            {
                throw new FormatException($"entry {entries[i]} does not follow {packet.Last.Index} in term {packet.Term}");
            }
        }

        return new AppendRequest { PreviousIndex = packet.Last.Index, PreviousTerm = packet.Last.Term, Commit = packet.Last.CommittedIndex, Entries = entries };
    }

    private string AddressOf(MemberId member) => node().Configuration.Find(member)?.Address ?? (member.IsNone ? "" : member.ToString());

    private static string TypeOf(RaftMessage message) => message switch
    {
        VoteRequest => PacketTypes.Vote,
        VoteResponse => PacketTypes.Voted,
        AppendRequest or HeartbeatRequest => PacketTypes.Append,
        AppendResponse { IsConflict: true } => PacketTypes.AppendFail,
        AppendResponse or HeartbeatResponse => PacketTypes.AppendAck,
        Refusal => PacketTypes.Error,
        _ => PacketTypes.Exec,
    };

    private static RaftState StateOf(RaftMessage message) => message switch
    {
        VoteRequest => RaftState.Candidate,
        AppendRequest or HeartbeatRequest or TimeoutNow => RaftState.Leader,
        _ => RaftState.Follower,
    };
}
