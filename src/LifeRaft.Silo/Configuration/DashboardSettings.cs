namespace LifeRaft.Silo;

/// <summary>The page for operators. It changes nothing unless <see cref="OperatorTokenFile"/> says who may.</summary>
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

    /// <summary>
    /// A file whose first line is the token of the operators. Whoever gives it on the page may move leadership, add and remove members, and drain
    /// silos. It is read at the start; another token needs a restart of the silo.
    /// </summary>
    /// <value>
    /// Empty by default: nothing that is served over HTTP changes anything. 32 to 1,024 letters, digits and <c>-._~+/=</c> in a file that not
    /// everybody on the machine may read; refused where <see cref="HttpSettings.Url"/> is http on any but the loopback address.
    /// </value>
    public string OperatorTokenFile { get; set; } = "";

    internal bool AllowsActions => Enabled && OperatorTokenFile.Length > 0;

    internal IEnumerable<SettingProblem> Problems() =>
    [
        .. SettingRules.Between("Dashboard:Interval", Interval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        .. SettingRules.Between("Dashboard:MaximumViewers", MaximumViewers, 1, 1000),
    ];
}
