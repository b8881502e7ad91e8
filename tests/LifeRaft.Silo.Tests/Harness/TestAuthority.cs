using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LifeRaft.Silo.Tests;

/// <summary>An authority that a test makes for itself, and the certificates that it issues.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string ServerUsage = "1.3.6.1.5.5.7.3.1";
    private const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private static readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    private readonly X509Certificate2 _root;

    public TestAuthority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        _root = request.CreateSelfSigned(_now.AddYears(-2), _now.AddYears(2));
    }

    public string Pem => _root.ExportCertificatePem();

    /// <summary>A certificate with its key.</summary>
    public X509Certificate2 Issue(string name, DateTimeOffset? notBefore = null, DateTimeOffset? notAfter = null, bool forClients = true, string? also = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(ServerUsage), .. forClients ? (Oid[])[new Oid(ClientUsage)] : []], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (also is not null)
        {
            names.AddDnsName(also);
        }

        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var issued = request.Create(_root, notBefore ?? _now.AddHours(-1), notAfter ?? _now.AddDays(90), RandomNumberGenerator.GetBytes(8));
        return issued.CopyWithPrivateKey(key);
    }

    public void Dispose() => _root.Dispose();
}

/// <summary>Files as <c>silo-config/tls.json</c> names them.</summary>
internal static class CertificateFiles
{
    /// <summary>Writes certificate, key and authority into <c>tls/</c> of that folder.</summary>
    public static void Write(TemporaryFolder folder, TestAuthority authority, X509Certificate2 certificate)
    {
        Directory.CreateDirectory(Path.Combine(folder.Path, "tls"));
        folder.Write("tls/silo.pem", certificate.ExportCertificatePem());
        folder.Write("tls/silo.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        folder.Write("tls/authority.pem", authority.Pem);
    }

    /// <summary>Gives somebody a certificate of the authority. Returns the settings that <c>silo-config/tls.json</c> has, with the files of this one.</summary>
    public static IReadOnlyDictionary<string, string> Give(TemporaryFolder folder, TestAuthority authority, string name, string? also = null)
    {
        using var certificate = authority.Issue(name, also: also);
        return new Dictionary<string, string>
        {
            ["LIFERAFT_Tls__CertificateFile"] = folder.Write($"{name}.pem", certificate.ExportCertificatePem()),
            ["LIFERAFT_Tls__KeyFile"] = folder.Write($"{name}.key", certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem()),
            ["LIFERAFT_Tls__AuthorityFile"] = folder.Write("authority.pem", authority.Pem),
        };
    }
}
