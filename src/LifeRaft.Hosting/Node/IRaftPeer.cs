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

    /// <summary>
    /// Gives this blank node a membership under which it accepts entries of the group, and returns it once it is durable. Whoever asks
    /// again gets the same, for others may be admitting it at the same time; unless the group has removed that one.
    /// </summary>
    Task<MemberId> Admit(GroupId group, MemberId removed);

    /// <summary>Returns once this node's configuration is final and has these voters.</summary>
    Task AwaitVoters(IReadOnlyList<MemberId> voters);

    /// <summary>Returns once this node has ended.</summary>
    Task AwaitEnd();
}
