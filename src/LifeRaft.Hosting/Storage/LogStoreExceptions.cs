namespace LifeRaft.Hosting;

/// <summary>A failure of a silo's log store.</summary>
public class LogStoreException : Exception
{
    /// <summary>Says what failed.</summary>
    public LogStoreException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

/// <summary>The store stopped at a write that failed. What to do: look at the device, then restart the silo.</summary>
public sealed class LogStoreStoppedException(string message, Exception? inner = null) : LogStoreException(message, inner);

/// <summary>Stored records are damaged. What to do: restore the silo's disk from nothing and let its nodes join again.</summary>
public sealed class LogStoreCorruptException(string message, Exception? inner = null) : LogStoreException(message, inner);

/// <summary>Another activation has claimed the node; this handle will never write again. What to do: stop this activation.</summary>
public sealed class ClaimLostException(string message) : LogStoreException(message);

/// <summary>A snapshot that was received is not what its header says; it was dropped. What to do: receive it anew.</summary>
public sealed class SnapshotDamagedException(string message) : LogStoreException(message);

/// <summary>A newer snapshot has taken the place of this one. What to do: use the newer one.</summary>
public sealed class SnapshotGoneException(string message) : LogStoreException(message);
