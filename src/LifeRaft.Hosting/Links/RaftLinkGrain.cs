using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.GrainDirectory;
using Orleans.Placement;

namespace LifeRaft.Hosting;

/// <summary>Where the beats of other silos arrive; the key is the silo's name.</summary>
[Alias("liferaft.link")]
internal interface IRaftLink : IGrainWithStringKey
{
    /// <summary>Another silo lives. One-way: nothing waits for it.</summary>
    [OneWay]
    ValueTask Beat(LinkBeat beat);
}

/// <summary>What a silo says of itself to those with which its quiet nodes have to do. It may be lost, late, doubled or overtaken.</summary>
/// <param name="From">The silo's name.</param>
/// <param name="Incarnation">
/// Drawn at each start of its process. Neither the store's start number, which is lost with a disk, nor a clock, which may be set back, would
/// do: a start that was taken for an old one would never be heard.
/// </param>
/// <param name="Ends">How many of its nodes have ended, or were superseded, since that start.</param>
/// <param name="Pace">The time until its next beat.</param>
[GenerateSerializer]
[Immutable]
[Alias("liferaft.beat")]
internal sealed record LinkBeat(
    [property: Id(0)] string From, [property: Id(1)] Guid Incarnation, [property: Id(2)] long Ends, [property: Id(3)] TimeSpan Pace);

[GrainType("liferaft-link")]
[Reentrant]
[KeepAlive]
[Immovable]
[SiloNamePlacement]
[GrainDirectory(NoDirectory.Name)]
internal sealed class RaftLinkGrain(SiloLinks links, IOptions<RaftOptions> options) : Grain, IRaftLink, IIncomingGrainCallFilter
{
    /// <summary>Who speaks for a silo keeps quiet nodes from missing it.</summary>
    public Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod.DeclaringType == typeof(IRaftLink))
        {
            OutsideCallers.Refuse(context, this.GetPrimaryKeyString(), options.Value);
        }

        return context.Invoke();
    }

    public ValueTask Beat(LinkBeat beat)
    {
        links.Hear(beat);
        return ValueTask.CompletedTask;
    }
}
