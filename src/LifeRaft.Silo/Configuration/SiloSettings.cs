namespace LifeRaft.Silo;

/// <summary>Who the silo is and where the others find it.</summary>
public sealed class SiloSettings
{
    /// <summary>The silo's name, to which its nodes are pinned: <c>1@silo-1</c> lives on <c>silo-1</c> and nowhere else.</summary>
    /// <value>
    /// 1 to 64 letters, digits, dots, underscores or hyphens. No default: it must outlive the process and be no other silo's. A silo that is
    /// given another name does not find its own log any more.
    /// </value>
    public string Name { get; set; } = "";

    /// <summary>The cluster that the silo joins; clients must name the same.</summary>
    /// <value><c>liferaft</c> by default. Silos of different clusters do not see each other, even with one membership table.</value>
    public string ClusterId { get; set; } = "liferaft";

    /// <summary>The application that the cluster runs, for Orleans' own storage; clients must name the same.</summary>
    /// <value><c>liferaft</c> by default. It stays while clusters come and go.</value>
    public string ServiceId { get; set; } = "liferaft";

    /// <summary>Where the other silos and the clients reach this one.</summary>
    /// <value>An IP address or a host name that has one; <c>127.0.0.1</c> by default, which only this machine reaches.</value>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>The port for the other silos.</summary>
    /// <value>1 to 65535; 11111 by default.</value>
    public int Port { get; set; } = 11111;

    /// <summary>The port for clients.</summary>
    /// <value>1 to 65535; 30000 by default.</value>
    public int GatewayPort { get; set; } = 30000;

    /// <summary>Whether both ports listen on all addresses of the machine instead of <see cref="Address"/> alone.</summary>
    /// <value>False by default. True where the address that others use is not one of this machine's, as behind a container's port mapping.</value>
    public bool ListenOnAnyAddress { get; set; }

    /// <summary>How long SIGTERM gives the silo to hand over what it leads, to finish what it was asked and to leave the cluster.</summary>
    /// <value>
    /// 1 s to 1 h; 30 s by default. After it the process ends with exit code 3, as if it had been killed: nothing that was acknowledged is
    /// lost, but the others have to notice. Whoever stops the process must wait longer than this (Docker's stop_grace_period,
    /// Kubernetes' terminationGracePeriodSeconds, systemd's TimeoutStopSec).
    /// </value>
    public TimeSpan GracePeriod { get; set; } = TimeSpan.FromSeconds(30);

    internal IEnumerable<SettingProblem> Problems() =>
    [
        .. SettingRules.Name("Silo:Name", Name),
        .. SettingRules.NotEmpty("Silo:ClusterId", ClusterId),
        .. SettingRules.NotEmpty("Silo:ServiceId", ServiceId),
        .. SettingRules.Address("Silo:Address", Address),
        .. SettingRules.Port("Silo:Port", Port),
        .. SettingRules.Port("Silo:GatewayPort", GatewayPort),
        .. SettingRules.Between("Silo:GracePeriod", GracePeriod, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
    ];
}
