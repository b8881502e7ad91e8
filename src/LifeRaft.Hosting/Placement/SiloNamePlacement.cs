using Orleans.GrainDirectory;
using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace LifeRaft.Hosting;

/// <summary>Places a grain on the silo that its key names, and nowhere else: the part after the last <c>@</c>, or the whole key.</summary>
[GenerateSerializer]
[Immutable]
[SuppressReferenceTracking]
internal sealed class SiloNamePlacement : PlacementStrategy
{
    /// <summary>
    /// Orleans' default directory deactivates healthy activations when the silo that holds their registration stops. With placement
    /// by name there is nothing to register.
    /// </summary>
    public override bool IsUsingGrainDirectory => false;
}

/// <summary>Marks a grain class that lives on the silo which its key names.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SiloNamePlacementAttribute() : PlacementAttribute(new SiloNamePlacement());

/// <summary>Finds the running silo of a name.</summary>
internal sealed class SiloNamePlacementDirector(RunningSilos silos) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString()!;
        var silo = key[(key.LastIndexOf('@') + 1)..];
        return silos.Find(silo) is { } address
            ? Task.FromResult(address)
            : throw new NodeUnavailableException($"{key} lives on silo '{silo}', which is not running. Start it, or ask another node.");
    }
}

/// <summary>A directory that remembers nothing.</summary>
internal sealed class NoDirectory : IGrainDirectory
{
    public const string Name = "liferaft";

    public Task<GrainAddress?> Register(GrainAddress address) => Task.FromResult<GrainAddress?>(address);

    public Task<GrainAddress?> Lookup(GrainId grainId) => Task.FromResult<GrainAddress?>(null);

    public Task Unregister(GrainAddress address) => Task.CompletedTask;

    public Task UnregisterSilos(List<SiloAddress> siloAddresses) => Task.CompletedTask;
}
