using System.Collections.Concurrent;

namespace LifeRaft.Hosting;

/// <summary>Carries beats between silos.</summary>
internal interface IBeatCarrier
{
    /// <summary>Sends a beat, or drops it. Returns at once and does not throw: it is called by a timer.</summary>
    void Send(string silo, LinkBeat beat);
}

/// <summary>
/// Sends beats as one-way grain calls, over the connections that the messages of the nodes use as well: where those stall, so do these.
/// </summary>
internal sealed class GrainBeats(IGrainFactory grains, RunningSilos silos) : IBeatCarrier
{
    // To make a reference costs more than to send a beat.
    private readonly ConcurrentDictionary<string, IRaftLink> _links = new(StringComparer.Ordinal);

    public void Send(string silo, LinkBeat beat)
    {
        if (silos.Find(silo) is null)
        {
            return; // Orleans would log an error with a stack trace for each.
        }

        try
        {
            _links.GetOrAdd(silo, static (silo, grains) => grains.GetGrain<IRaftLink>(silo), grains).Beat(beat).AsTask().Ignore();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // This silo is being stopped, or started: it is not heard, and that is so.
        }
    }
}
