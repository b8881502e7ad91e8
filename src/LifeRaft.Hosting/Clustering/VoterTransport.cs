using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>Sends messages of a voter's node over the connections to the other voters; the endpoint of a node is the name of its silo.</summary>
internal sealed class VoterTransport(IReadOnlyDictionary<string, VoterConnection> voters) : IPeerTransport
{
    public void Send(string from, string to, RaftMessage message)
    {
        if (voters.TryGetValue(to, out var voter))
        {
            voter.Send(MessageCodec.Encode(message));
        }
    }
}
