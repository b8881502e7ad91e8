using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace LifeRaft;

/// <summary>Where Orleans' membership table is, when the silos keep it themselves.</summary>
public sealed class LifeRaftClusteringOptions
{
    /// <summary>
    /// The silos that keep the table, by <c>SiloName</c>, and where each of them listens for the others: <c>host:port</c>. The same on all
    /// silos and clients. A silo whose name is not among them only asks.
    /// </summary>
    /// <value>
    /// 1, 3 or 5; none by default, which is an error. The table is there while a majority of them runs: with 3 one may be down, with 5 two.
    /// A host may be a name; it is looked up at each connect. Replace one at a time: change its entry everywhere, restart silo by silo.
    /// </value>
    public IDictionary<string, string> Voters { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Whether a voter listens on all addresses of its machine, at the port of its entry, and not only on the address that its entry names.</summary>
    /// <value>
    /// False by default. True where the entry is a name that others know the machine by, as in containers. Whoever reaches the port can
    /// change the table unless TLS is set up; keep it within the network of the silos.
    /// </value>
    public bool ListenOnAnyAddress { get; set; }

    /// <summary>How long one read or write of the table may take, with all attempts.</summary>
    /// <value>
    /// 100 ms to 10 min; 10 s by default. After it a write that was sent is reported as of unknown outcome, and Orleans reads the table
    /// again. A silo that starts waits for the table however long it takes, and says for whom.
    /// </value>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Time between two heartbeats of the voter that leads. It counts when the group is founded.</summary>
    /// <value>1 ms or more, and less than <see cref="ElectionMin"/>; 100 ms by default.</value>
    public TimeSpan Heartbeat { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Shortest silence of the leading voter after which another one campaigns. It counts when the group is founded.</summary>
    /// <value>
    /// More than <see cref="Heartbeat"/>; 500 ms by default. The table is rarely written, so a pause costs little, and it is no measure for the
    /// failure of silos: that is for Orleans to find out.
    /// </value>
    public TimeSpan ElectionMin { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Longest such silence. It counts when the group is founded.</summary>
    /// <value>From <see cref="ElectionMin"/> to 1 h; 1 s by default.</value>
    public TimeSpan ElectionMax { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Makes connections to voters secure: what to present to the voter of that host, and what to expect of it.</summary>
    /// <value>Null by default: no TLS. A voter sets <see cref="AuthenticateAsServer"/> as well, and all silos and clients the same.</value>
    public Func<string, SslClientAuthenticationOptions>? AuthenticateAsClient { get; set; }

    /// <summary>Makes the connections that a voter accepts secure.</summary>
    /// <value>Null by default: no TLS. Require certificates of clients: who is connected can change the table, unless <see cref="IsSiloCertificate"/> says otherwise.</value>
    public Func<SslServerAuthenticationOptions>? AuthenticateAsServer { get; set; }

    /// <summary>Whether the certificate that was shown to a voter is a silo's. Others may only read the table: they cannot change it, and do not pass for a voter.</summary>
    /// <value>Null by default: whoever was let in by <see cref="AuthenticateAsServer"/> may change the table. Without TLS it is not asked.</value>
    public Func<X509Certificate?, bool>? IsSiloCertificate { get; set; }
}
