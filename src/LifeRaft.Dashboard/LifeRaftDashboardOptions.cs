namespace LifeRaft.Dashboard;

/// <summary>What the dashboard may do on this host.</summary>
public sealed class LifeRaftDashboardOptions
{
    /// <summary>How often the silos are asked while somebody watches.</summary>
    /// <value>
    /// 500 ms by default; 100 ms to 1 minute. A killed silo is shown after at most this and the 700 ms for which a silo is waited for.
    /// </value>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many may watch at the same time; who comes when there are that many is refused with 503.</summary>
    /// <value>32 by default; 1 to 1,000. All watch the same questions to the silos, but each may look at a group of its own.</value>
    public int MaximumViewers { get; set; } = 32;

    /// <summary>The policy that <see cref="AllowActions"/> was given; null while nothing can be changed.</summary>
    public string? ActionsPolicy { get; private set; }

    /// <summary>Whether the page asks for the operators' token before it shows what can be changed.</summary>
    /// <value>False; true after <see cref="AllowActionsByToken"/>.</value>
    public bool AsksForToken { get; private set; }

    /// <summary>
    /// Lets those who satisfy an authorization policy change things from the page: move leadership, add and remove members, drain
    /// silos. Without this call the endpoints that could do so do not exist.
    /// </summary>
    /// <param name="policyName">A policy of this host, for instance of <c>AddAuthorization(o =&gt; o.AddPolicy(...))</c>.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    public void AllowActions(string policyName)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(policyName);
        (ActionsPolicy, AsksForToken) = (policyName, false);
    }

    /// <summary>
    /// Lets those change things from the page who know a token, for which the page asks. Needs <c>builder.Services.AddLifeRaftOperatorToken(...)</c>.
    /// </summary>
    public void AllowActionsByToken() => (ActionsPolicy, AsksForToken) = (OperatorTokenHandler.PolicyName, true);

    /// <exception cref="InvalidOperationException">A value is out of range; all of them are named.</exception>
    internal void Validate()
    {
        var errors = new List<string>();
        if (Interval < TimeSpan.FromMilliseconds(100) || Interval > TimeSpan.FromMinutes(1))
        {
            errors.Add($"{nameof(Interval)} must be 100 ms to 1 minute, but is {Interval}.");
        }

        if (MaximumViewers is < 1 or > 1000)
        {
            errors.Add($"{nameof(MaximumViewers)} must be 1 to 1,000, but is {MaximumViewers}.");
        }

        if (errors.Count > 0)
        {
            throw new InvalidOperationException($"The options of MapLifeRaftDashboard are wrong: {string.Join(" ", errors)}");
        }
    }
}
