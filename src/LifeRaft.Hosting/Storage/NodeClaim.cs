namespace LifeRaft.Hosting;

/// <summary>
/// The right to write the log of one node. Every claim of the node has a higher epoch than the one before it, and only the
/// newest is good. Any thread may ask; only the store's writer decides, at the moment at which it takes the write.
/// </summary>
public sealed class NodeClaim
{
    private readonly Counter _newest;
    private volatile bool _isGivenUp;

    private NodeClaim(string node, Counter newest, long epoch)
    {
        Node = node;
        _newest = newest;
        Epoch = epoch;
    }

    /// <summary>The node's name in the store.</summary>
    public string Node { get; }

    /// <summary>Rises with every claim of this node.</summary>
    public long Epoch { get; }

    /// <summary>Why this claim may not write, or null when it may.</summary>
    internal ClaimLostException? Loss()
    {
        var newest = _newest.Read();
        if (newest != Epoch)
        {
            return new ClaimLostException(
                $"Node {Node} was claimed again: this handle has epoch {Epoch}, the newest is {newest}. Stop the activation that holds this handle.");
        }

        return _isGivenUp
            ? new ClaimLostException($"Node {Node} was deleted through this handle (epoch {Epoch}). Claim it again to start anew.")
            : null;
    }

    /// <summary>The node was deleted through this claim, which is of no use from now on.</summary>
    internal void GiveUp() => _isGivenUp = true;

    /// <summary>How often one node has been claimed.</summary>
    internal sealed class Counter(string node)
    {
        private long _newest;

        /// <summary>Makes all claims so far worthless.</summary>
        internal NodeClaim Raise() => new(node, this, Interlocked.Increment(ref _newest));

        internal long Read() => Interlocked.Read(ref _newest);
    }
}
