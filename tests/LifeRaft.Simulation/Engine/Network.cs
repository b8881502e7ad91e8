using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>How the links are at present.</summary>
internal sealed record LinkQuality(double Loss, double Duplication, double Late, TimeSpan Least, TimeSpan Most, TimeSpan Latest)
{
    public static LinkQuality Good { get; } =
        new(0, 0, 0, TimeSpan.FromMilliseconds(0.2), TimeSpan.FromMilliseconds(2), TimeSpan.FromMilliseconds(2));
}

/// <summary>Carries messages between places; each may be lost, doubled, late, and overtaken by any other.</summary>
internal sealed class Network(World world, int places)
{
    private readonly bool[,] _isCut = new bool[places, places];

    public LinkQuality Quality { get; set; } = LinkQuality.Good;

    /// <summary>Cuts one direction of a link, or mends it.</summary>
    public void Cut(int from, int to, bool isCut) => _isCut[from, to] = isCut;

    public void MendAll() => Array.Clear(_isCut);

    /// <summary>A message between nodes. It crosses as bytes, as it does between processes.</summary>
    public void Send(Host from, Host to, RaftMessage message)
    {
        var bytes = MessageCodec.Encode(message);
        Carry(from.Place, to.Place, mayDouble: true, () => to.Receive(from, MessageCodec.Decode(bytes)));
    }

    /// <summary>Whatever it is, it arrives or not.</summary>
    public void Carry(int from, int to, bool mayDouble, Action arrives)
    {
        world.Counts.Messages++;
        if (_isCut[from, to])
        {
            world.Counts.MessagesCut++;
            return;
        }

        if (from != to && world.Chance.Happens(Quality.Loss))
        {
            world.Counts.MessagesLost++;
            return;
        }

        world.Queue.After(Delay(), arrives);
        if (mayDouble && world.Chance.Happens(Quality.Duplication))
        {
            world.Counts.MessagesDoubled++;
            world.Queue.After(Delay(), arrives);
        }
    }

    private TimeSpan Delay()
    {
        if (world.Chance.Happens(Quality.Late))
        {
            world.Counts.MessagesLate++;
            return world.Chance.Between(Quality.Most, Quality.Latest);
        }

        return world.Chance.Between(Quality.Least, Quality.Most);
    }
}
