using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;
using Orleans.Hosting;

namespace LifeRaft.Silo.Tests;

/// <summary>TLS of a client. That it trusts any silo is the test's business: what is looked at is whom the silos trust.</summary>
internal static class TlsClient
{
    /// <summary>For the connections that Orleans makes, to the gateways.</summary>
    public static void Use(IClientBuilder client, X509Certificate2? certificate) => client.UseTls(options =>
    {
        options.LocalCertificate = certificate;
        options.OnAuthenticateAsClient = (_, authentication) => authentication.TargetHost = "silo";
        options.RemoteCertificateMode = RemoteCertificateMode.RequireCertificate;
        options.RemoteCertificateValidation = (_, _, _) => true;
    });

    /// <summary>For those to the voters of the membership table.</summary>
    public static SslClientAuthenticationOptions ToVoter(X509Certificate2 certificate) => new()
    {
        TargetHost = "silo",
        ClientCertificateContext = SslStreamCertificateContext.Create(certificate, [], offline: true),
        RemoteCertificateValidationCallback = (_, remote, _, _) => remote?.Subject.StartsWith("CN=silo-", StringComparison.Ordinal) == true,
    };
}
