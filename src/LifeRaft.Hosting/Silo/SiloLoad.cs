namespace LifeRaft.Hosting;

/// <summary>
/// What the requests to all nodes of a silo hold, in bytes, and its bound: with thousands of nodes theirs together would be none. Used
/// from any thread.
/// </summary>
internal sealed class SiloLoad(long maximumBytes)
{
    private long _bytes;

    /// <summary>What is held now.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Takes so much, or nothing if that would be too much.</summary>
    public bool TryTake(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) <= maximumBytes)
        {
            return true;
        }

        GiveBack(bytes);
        return false;
    }

    /// <summary>Gives back what was taken.</summary>
    public void GiveBack(long bytes) => Interlocked.Add(ref _bytes, -bytes);
}
