using System.Diagnostics.CodeAnalysis;

namespace LifeRaft.Hosting;

/// <summary>
/// What has arrived for a node and was not taken yet, in the order of its arrival. Anyone puts, one at a time takes. The inputs themselves
/// are the links of the chain, so that an inbox that is empty, as most of a silo's thousands are, holds nothing.
/// </summary>
internal sealed class PumpInbox
{
    // The newest input; each knows the one that came before it.
    private PumpInput? _newest;

    // What was taken out of the chain: the oldest input; each knows the one that came after it. Touched by who takes.
    private PumpInput? _oldest;
    private int _count;

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Puts an input behind the others.</summary>
    /// <exception cref="InvalidOperationException">It lies in an inbox already. What several nodes are to be told takes as many inputs.</exception>
    public void Put(PumpInput input)
    {
        if (input.IsInInbox)
        {
            throw new InvalidOperationException($"The {input.GetType().Name} was posted already. Post one of its own to each node.");
        }

        input.IsInInbox = true;
        Interlocked.Increment(ref _count);
        PumpInput? before;
        do
        {
            before = Volatile.Read(ref _newest);
            input.Neighbour = before;
        }
        while (Interlocked.CompareExchange(ref _newest, input, before) != before);
    }

    /// <summary>Takes the oldest one.</summary>
    public bool TryTake([NotNullWhen(true)] out PumpInput? input)
    {
        input = _oldest ?? TakeAll();
        if (input is null)
        {
            return false;
        }

        (_oldest, input.Neighbour, input.IsInInbox) = (input.Neighbour, null, false);
        Interlocked.Decrement(ref _count);
        return true;
    }

    /// <summary>Turns the chain of what has arrived since round, and returns its beginning.</summary>
    private PumpInput? TakeAll()
    {
        PumpInput? oldest = null;
        for (var newest = Interlocked.Exchange(ref _newest, null); newest is not null;)
        {
            (newest.Neighbour, oldest, newest) = (oldest, newest, newest.Neighbour);
        }

        return oldest;
    }
}
