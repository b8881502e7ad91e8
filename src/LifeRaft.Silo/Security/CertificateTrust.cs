using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LifeRaft.Silo;

/// <summary>Whose certificates are accepted: of the authorities of a file and nobody else.</summary>
/// <param name="Authorities">The file's certificates.</param>
/// <param name="Description">Who that is, for errors.</param>
/// <param name="ServerName">The name that a silo's certificate must carry; empty for any.</param>
internal sealed record CertificateTrust(X509Certificate2Collection Authorities, string Description, string ServerName)
{
    /// <summary>The extended key usage of servers.</summary>
    public const string ServerUsage = "1.3.6.1.5.5.7.3.1";

    /// <summary>That of clients.</summary>
    public const string ClientUsage = "1.3.6.1.5.5.7.3.2";

    private const string AnyUsage = "2.5.29.37.0";

    /// <exception cref="SiloConfigurationException">The file of authorities is missing or has none.</exception>
    public static CertificateTrust Load(TlsSettings tls)
    {
        SiloCertificate.RequireFile("AuthorityFile", tls.AuthorityFile);
        var authorities = new X509Certificate2Collection();
        try
        {
            authorities.ImportFromPemFile(tls.AuthorityFile);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw SiloCertificate.Problem("AuthorityFile", tls.AuthorityFile, $"it cannot be read: {failure.Message}");
        }

        return authorities.Count > 0
            ? new CertificateTrust(authorities, $"Tls:AuthorityFile '{tls.AuthorityFile}'", tls.ServerName)
            : throw SiloCertificate.Problem("AuthorityFile", tls.AuthorityFile, "there is no PEM certificate in it.");
    }

    /// <summary>What is wrong with a certificate; null for nothing.</summary>
    /// <param name="certificate">The certificate.</param>
    /// <param name="intermediates">What came with it.</param>
    /// <param name="usage">What it is used for.</param>
    public string? ProblemOf(X509Certificate2 certificate, X509Certificate2Collection intermediates, string usage)
    {
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.ApplicationPolicy.Add(new Oid(usage));
        policy.ExtraStore.AddRange(intermediates);
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(Authorities);
        policy.ExtraStore.AddRange(Authorities);

        return chain.Build(certificate) ? null : string.Join(" ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()).Distinct());
    }

    /// <summary>Whether the certificate carries the name that silos must have.</summary>
    public bool HasName(X509Certificate2 certificate) => ServerName.Length == 0 || certificate.MatchesHostname(ServerName);

    /// <summary>Whether a certificate may be used so; one that says nothing of usages may be used for all.</summary>
    public static bool Allows(X509Certificate2 certificate, string usage) =>
        certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault() is not { } usages
        || usages.EnhancedKeyUsages.Cast<Oid>().Any(each => each.Value == usage || each.Value == AnyUsage);
}
