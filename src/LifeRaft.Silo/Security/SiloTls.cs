using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Orleans.Configuration;
using Orleans.Connections.Security;

namespace LifeRaft.Silo;

/// <summary>TLS on the connections between silos, which are always mutual, and on those of clients.</summary>
internal static class SiloTls
{
    public static void Use(ISiloBuilder silo, SiloCertificate certificate, TlsSettings settings)
    {
        var context = ContextOf(certificate);
        var fromSilos = Inbound(certificate, context, RemoteCertificateMode.RequireCertificate, IsSiloThatDials);
        var fromClients = Inbound(certificate, context, settings.RequireClientCertificate ? RemoteCertificateMode.RequireCertificate : RemoteCertificateMode.AllowCertificate, IsAllowed);
        var toSilos = Outbound(certificate, context);
        silo.Configure<SiloConnectionOptions>(options =>
        {
            options.ConfigureSiloInboundConnection(connection => connection.UseServerTls(fromSilos));
            options.ConfigureGatewayInboundConnection(connection => connection.UseServerTls(fromClients));
            options.ConfigureSiloOutboundConnection(connection => connection.UseClientTls(toSilos));
        });
    }

    /// <summary>For connections to a silo that Orleans does not make: those between the voters of the membership table.</summary>
    public static SslClientAuthenticationOptions ToSilo(SiloCertificate own) => new()
    {
        TargetHost = own.Trust.ServerName,
        ClientCertificateContext = ContextOf(own),
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => IsSilo(own, certificate, chain),
    };

    /// <summary>The other side of it: who connects must be let in, too. Clients ask there as well: what only silos may do, <see cref="IsSilo(SiloCertificate, X509Certificate?)"/> guards.</summary>
    public static SslServerAuthenticationOptions FromAnyone(SiloCertificate own) => new()
    {
        ServerCertificateContext = ContextOf(own),
        ClientCertificateRequired = true,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => IsAllowed(own, certificate, chain),
    };

    /// <summary>Whether a certificate that was let in is a silo's, and not only a client's: silos are servers, too, and carry the name of Tls:ServerName.</summary>
    public static bool IsSilo(SiloCertificate own, X509Certificate? certificate) =>
        certificate is X509Certificate2 silo && CertificateTrust.Allows(silo, CertificateTrust.ServerUsage) && own.Trust.HasName(silo);

    private static SslStreamCertificateContext ContextOf(SiloCertificate own) => SslStreamCertificateContext.Create(own.Certificate, own.Intermediates, offline: true);

    private static bool IsSilo(SiloCertificate own, X509Certificate? certificate, X509Chain? chain) =>
        certificate is X509Certificate2 silo && own.Trust.ProblemOf(silo, CameWith(chain), CertificateTrust.ServerUsage) is null && own.Trust.HasName(silo);

    private static bool IsAllowed(SiloCertificate own, X509Certificate? certificate, X509Chain? chain) =>
        certificate is X509Certificate2 client && own.Trust.ProblemOf(client, CameWith(chain), CertificateTrust.ClientUsage) is null;

    private static bool IsSiloThatDials(SiloCertificate own, X509Certificate? certificate, X509Chain? chain) => IsAllowed(own, certificate, chain) && IsSilo(own, certificate);

    private static TlsOptions Inbound(SiloCertificate own, SslStreamCertificateContext context, RemoteCertificateMode mode, Func<SiloCertificate, X509Certificate?, X509Chain?, bool> isLetIn) => new()
    {
        LocalCertificate = own.Certificate,
        RemoteCertificateMode = mode,
        RemoteCertificateValidation = (certificate, chain, _) => isLetIn(own, certificate, chain),
        OnAuthenticateAsServer = (_, options) =>
        {
            // Without the context, which has the intermediates, only the certificate itself would be sent; SslStream refuses both ways at once.
            options.ServerCertificateSelectionCallback = null;
            ((SslServerAuthenticationOptions)options.SslServerAuthenticationOptions).ServerCertificateContext = context;
        },
    };

    private static TlsOptions Outbound(SiloCertificate own, SslStreamCertificateContext context) => new()
    {
        LocalCertificate = own.Certificate,
        ClientCertificateMode = RemoteCertificateMode.RequireCertificate,
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        RemoteCertificateValidation = (certificate, chain, _) => IsSilo(own, certificate, chain),
        OnAuthenticateAsClient = (_, options) =>
        {
            options.TargetHost = own.Trust.ServerName;
            options.LocalCertificateSelectionCallback = null;
            ((SslClientAuthenticationOptions)options.SslClientAuthenticationOptions).ClientCertificateContext = context;
        },
    };

    private static X509Certificate2Collection CameWith(X509Chain? chain) => chain is null ? [] : [.. chain.ChainElements.Skip(1).Select(element => element.Certificate), .. chain.ChainPolicy.ExtraStore];
}
