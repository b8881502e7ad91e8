namespace LifeRaft;

/// <summary>
/// How long whoever holds something of a group may rely on it, by its own clock, without another word from the group: so long that it
/// stops before the group's clock (<see cref="CommandContext.Clock"/>) can end what it holds.
/// </summary>
internal static class HolderClock
{
    /// <summary>By how much the clocks of the group and of a holder may differ in their rates.</summary>
    private const double Drift = 0.1;

    /// <summary>Counted from before the last acknowledged word was sent.</summary>
    public static TimeSpan Reliable(TimeSpan timeToLive) => timeToLive * (1 - Drift);
}
