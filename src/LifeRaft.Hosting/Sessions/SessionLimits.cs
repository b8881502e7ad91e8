namespace LifeRaft.Hosting;

/// <summary>
/// What a session lives under. It travels in the entry that opens the session, from the options of the leader that proposed it: options
/// differ between silos, and what members decide when they apply must not.
/// </summary>
/// <param name="TimeoutMilliseconds">After so long without a request it expires; at least 1, at most a day.</param>
/// <param name="Sessions">So many sessions may be open, this one included; at least 1.</param>
/// <param name="Results">So many commands of the session may be unanswered, and are remembered; at least 1.</param>
/// <param name="ResultBytes">So many bytes of their results are remembered.</param>
internal readonly record struct SessionLimits(long TimeoutMilliseconds, int Sessions, int Results, long ResultBytes)
{
    public const long LongestTimeoutMilliseconds = 24L * 60 * 60 * 1000;

    public bool AreValid => TimeoutMilliseconds is > 0 and <= LongestTimeoutMilliseconds && Sessions > 0 && Results > 0 && ResultBytes >= 0;
}
