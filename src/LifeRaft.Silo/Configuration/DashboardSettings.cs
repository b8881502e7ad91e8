namespace LifeRaft.Silo;

/// <summary>The page for operators. It changes nothing.</summary>
public sealed class DashboardSettings
{
    /// <summary>Whether there is one.</summary>
    /// <value>True by default.</value>
    public bool Enabled { get; set; } = true;

    /// <summary>How often the silos are asked while somebody watches.</summary>
    /// <value>100 ms to 1 min; 500 ms by default. Nobody is asked while nobody watches.</value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many may watch at the same time.</summary>
    /// <value>1 to 1000; 32 by default. One more is refused.</value>
    public int MaximumViewers { get; set; } = 32;

    internal IEnumerable<SettingProblem> Problems() =>
    [
        .. SettingRules.Between("Dashboard:Interval", Interval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        .. SettingRules.Between("Dashboard:MaximumViewers", MaximumViewers, 1, 1000),
    ];
}
