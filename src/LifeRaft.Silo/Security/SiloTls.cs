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
        var context = SslStreamCertificateContext.Create(certificate.Certificate, certificate.Intermediates, offline: true);
        var fromSilos = Inbound(certificate, context, RemoteCertificateMode.RequireCertificate);
        var fromClients = Inbound(certificate, context, settings.RequireClientCertificate ? RemoteCertificateMode.RequireCertificate : RemoteCertificateMode.AllowCertificate);
        var toSilos = Outbound(certificate, context);
        silo.Configure<SiloConnectionOptions>(options =>
        {
            options.ConfigureSiloInboundConnection(connection => connection.UseServerTls(fromSilos));
            options.ConfigureGatewayInboundConnection(connection => connection.UseServerTls(fromClients));
            options.ConfigureSiloOutboundConnection(connection => connection.UseClientTls(toSilos));
        });
    }

    private static TlsOptions Inbound(SiloCertificate own, SslStreamCertificateContext context, RemoteCertificateMode mode) => new()
    {
        LocalCertificate = own.Certificate,
        RemoteCertificateMode = mode,
        RemoteCertificateValidation = (certificate, chain, _) => own.Trust.ProblemOf(certificate, CameWith(chain), CertificateTrust.ClientUsage) is null,
        OnAuthenticateAsServer = (_, options) => ((SslServerAuthenticationOptions)options.SslServerAuthenticationOptions).ServerCertificateContext = context,
    };

    private static TlsOptions Outbound(SiloCertificate own, SslStreamCertificateContext context) => new()
    {
        LocalCertificate = own.Certificate,
        ClientCertificateMode = RemoteCertificateMode.RequireCertificate,
        RemoteCertificateMode = RemoteCertificateMode.RequireCertificate,
        RemoteCertificateValidation = (certificate, chain, _) => own.Trust.ProblemOf(certificate, CameWith(chain), CertificateTrust.ServerUsage) is null && own.Trust.HasName(certificate),
        OnAuthenticateAsClient = (_, options) =>
        {
            options.TargetHost = own.Trust.ServerName;
            ((SslClientAuthenticationOptions)options.SslClientAuthenticationOptions).ClientCertificateContext = context;
        },
    };

    private static X509Certificate2Collection CameWith(X509Chain? chain) => chain is null ? [] : [.. chain.ChainElements.Skip(1).Select(element => element.Certificate), .. chain.ChainPolicy.ExtraStore];
}
