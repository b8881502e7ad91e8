namespace LifeRaft.Cli;

/// <summary>What cluster <c>up</c> is to start.</summary>
internal sealed record UpSettings
{
    /// <summary>The id of cluster and service: that of the tool's defaults.</summary>
    public const string ClusterId = "liferaft";

    /// <summary>How many silos; they are named silo-1 and so on.</summary>
    public int Silos { get; init; } = 3;

    /// <summary>The port of the first silo's gateway, those of the others follow; 0 for free ones.</summary>
    public int FirstPort { get; init; } = Gateway.UsualPort;

    /// <summary>The port of the dashboard; 0 for a free one, null for no dashboard.</summary>
    public int? DashboardPort { get; init; } = 8080;

    /// <summary>Whether the dashboard may change things.</summary>
    public bool DashboardActions { get; init; }

    /// <summary>Where the logs lie, which stay; null for a temporary directory, which goes.</summary>
    public string? Directory { get; init; }

    /// <summary>How long it may take until every group has a leader.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The members of the groups. Silos beyond that are there to be added.</summary>
    public int Members => Silos < 3 ? 1 : 3;
}
