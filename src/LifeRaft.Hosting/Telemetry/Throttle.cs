namespace LifeRaft.Hosting;

/// <summary>Lets one of many through in a while, and counts the others: a log that repeats itself hides the rest. For any thread.</summary>
internal sealed class Throttle(TimeProvider time, TimeSpan pause)
{
    private readonly Lock _gate = new();
    private long? _last;
    private long _held;

    /// <summary>Whether this one is let through; if so, how many were held back since the last one that was.</summary>
    public bool Admits(out long heldBack)
    {
        lock (_gate)
        {
            if (_last is { } last && time.GetElapsedTime(last) < pause)
            {
                heldBack = 0;
                _held++;
                return false;
            }

            (_last, heldBack, _held) = (time.GetTimestamp(), _held, 0);
            return true;
        }
    }
}
