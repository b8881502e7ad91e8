namespace LifeRaft.Cli;

/// <summary>Which cluster a command talks to, and how long it may take.</summary>
/// <param name="Gateways">The gateways of some of its silos; one that answers is enough.</param>
/// <param name="ClusterId">Orleans' name for the cluster: a silo of another one refuses the connection.</param>
/// <param name="ServiceId">Orleans' name for the service.</param>
/// <param name="Tls">The certificates, or null for connections without TLS.</param>
/// <param name="Timeout">How long connecting, and then each request, may take.</param>
internal sealed record ClusterSettings(IReadOnlyList<Gateway> Gateways, string ClusterId, string ServiceId, TlsFiles? Tls, TimeSpan Timeout)
{
    /// <summary>The gateways, for a message.</summary>
    public string GatewayList => string.Join(", ", Gateways);
}

/// <summary>The files that TLS needs. With any of them given, every connection uses it.</summary>
/// <param name="Authority">Certificates of the authorities that the silos' certificates must come from, PEM; null for those of the system.</param>
/// <param name="Certificate">The tool's own certificate, PEM or PFX; null for none.</param>
/// <param name="Key">The private key of that certificate, PEM; null where the certificate's file holds it.</param>
/// <param name="Host">The name that the silos' certificates must have; null for the host of the gateway.</param>
internal sealed record TlsFiles(string? Authority, string? Certificate, string? Key, string? Host);
