using LifeRaft.Protocol;
using Orleans.Concurrency;

namespace LifeRaft.Hosting;

/// <summary>What silos say to a node; not for clients.</summary>
[Alias("liferaft.peer")]
internal interface IRaftPeer : IGrainWithStringKey
{
    /// <summary>A message of the protocol. One-way: nothing waits for it.</summary>
    [OneWay]
    ValueTask Deliver(PeerFrame frame);

    /// <summary>Founds a group with this blank node, and returns once it leads.</summary>
    Task Found(GroupId group, MemberId member, GroupTimings? timings);

    /// <summary>Tells this blank node under which membership it is to accept entries, and returns once that is durable.</summary>
    Task Admit(GroupId group, MemberId member);

    /// <summary>Returns once this node's configuration is final and has these voters.</summary>
    Task AwaitVoters(IReadOnlyList<MemberId> voters);

    /// <summary>Returns once this node has ended.</summary>
    Task AwaitEnd();
}

/// <summary>A message of the protocol on its way between silos.</summary>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.frame")]
internal sealed class PeerFrame
{
    /// <summary>The endpoint of the sender.</summary>
    [Id(0)]
    public string From { get; init; } = "";

    /// <summary>The message, as <see cref="MessageCodec"/> writes it.</summary>
    [Id(1)]
    public byte[] Message { get; init; } = [];
}
