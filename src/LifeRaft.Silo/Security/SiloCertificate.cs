using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LifeRaft.Silo;

/// <summary>The silo's certificate and key, read and found fit before anything is started.</summary>
/// <param name="Certificate">With its private key.</param>
/// <param name="Intermediates">What stands between it and its authority, as far as its file has them.</param>
/// <param name="Trust">Whose certificates are accepted.</param>
internal sealed record SiloCertificate(X509Certificate2 Certificate, X509Certificate2Collection Intermediates, CertificateTrust Trust)
{
    private const string PemBegin = "-----BEGIN ";

    /// <summary>Reads it.</summary>
    /// <exception cref="SiloConfigurationException">A file is missing or unreadable, or the certificate is none that others would accept.</exception>
    public static SiloCertificate Load(TlsSettings tls, DateTimeOffset now)
    {
        var trust = CertificateTrust.Load(tls);
        var (certificate, intermediates) = LoadFile(tls);
        var problem = ProblemOf(certificate, intermediates, trust, now);
        return problem is null
            ? new SiloCertificate(certificate, intermediates, trust)
            : throw Problem("CertificateFile", tls.CertificateFile, $"{problem} (certificate '{certificate.Subject}')");
    }

    internal static SiloConfigurationException Problem(string key, string file, string problem) => new($"Tls:{key} is '{file}', but {problem}");

    internal static void RequireFile(string key, string file)
    {
        if (!File.Exists(file))
        {
            throw Problem(key, file, $"there is no such file (looked for {Path.GetFullPath(file)}).");
        }
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Intermediates) LoadFile(TlsSettings tls)
    {
        RequireFile("CertificateFile", tls.CertificateFile);
        try
        {
            var password = PasswordOf(tls);
            return File.ReadAllText(tls.CertificateFile).Contains(PemBegin, StringComparison.Ordinal) ? LoadPem(tls, password) : LoadPfx(tls, password);
        }
        catch (Exception failure) when (failure is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw Problem("CertificateFile", tls.CertificateFile, $"it cannot be read: {failure.Message} Look at the file, its key and its password.");
        }
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Intermediates) LoadPem(TlsSettings tls, string password)
    {
        var keyFile = tls.KeyFile.Length > 0 ? tls.KeyFile : tls.CertificateFile;
        if (tls.KeyFile.Length > 0)
        {
            RequireFile("KeyFile", tls.KeyFile);
        }

        if (!File.ReadAllText(keyFile).Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            throw tls.KeyFile.Length > 0
                ? Problem("KeyFile", tls.KeyFile, "there is no private key in it.")
                : Problem("CertificateFile", tls.CertificateFile, "there is no private key in it. Name the key's file in Tls:KeyFile.");
        }

        var all = new X509Certificate2Collection();
        all.ImportFromPemFile(tls.CertificateFile);
        using var loaded = password.Length == 0
            ? X509Certificate2.CreateFromPemFile(tls.CertificateFile, keyFile)
            : X509Certificate2.CreateFromEncryptedPemFile(tls.CertificateFile, password, keyFile);

        // A key that was only attached is not found by every implementation of TLS; one that was imported with its certificate is.
        var certificate = X509CertificateLoader.LoadPkcs12(loaded.Export(X509ContentType.Pkcs12), password: null);
        return (certificate, Others(all, certificate));
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Intermediates) LoadPfx(TlsSettings tls, string password)
    {
        if (tls.KeyFile.Length > 0)
        {
            throw Problem("KeyFile", tls.KeyFile, "Tls:CertificateFile is a PFX, which has its key within. Remove Tls:KeyFile, or give a PEM certificate.");
        }

        var all = X509CertificateLoader.LoadPkcs12CollectionFromFile(tls.CertificateFile, password);
        var certificate = all.FirstOrDefault(each => each.HasPrivateKey) ?? throw Problem("CertificateFile", tls.CertificateFile, "there is no private key in it. Export it with its key.");
        return (certificate, Others(all, certificate));
    }

    private static X509Certificate2Collection Others(X509Certificate2Collection all, X509Certificate2 certificate) =>
        [.. all.Where(each => each.Thumbprint != certificate.Thumbprint)];

    private static string PasswordOf(TlsSettings tls)
    {
        if (tls.PasswordFile.Length == 0)
        {
            return tls.Password;
        }

        RequireFile("PasswordFile", tls.PasswordFile);
        return File.ReadLines(tls.PasswordFile).FirstOrDefault() ?? "";
    }

    private static string? ProblemOf(X509Certificate2 certificate, X509Certificate2Collection intermediates, CertificateTrust trust, DateTimeOffset now)
    {
        if (now < certificate.NotBefore)
        {
            return $"it is not valid before {certificate.NotBefore.ToUniversalTime():u}. Look at the clock of this machine, or take another certificate.";
        }

        if (now > certificate.NotAfter)
        {
            return $"it expired at {certificate.NotAfter.ToUniversalTime():u}. Renew it.";
        }

        foreach (var (usage, isFor) in new[] { (CertificateTrust.ServerUsage, "a server"), (CertificateTrust.ClientUsage, "a client") })
        {
            if (!CertificateTrust.Allows(certificate, usage))
            {
                return $"it may not be used by {isFor}: a silo is both to the others. Issue it with the extended key usages of both, or with none.";
            }
        }

        return trust.ProblemOf(certificate, intermediates, CertificateTrust.ServerUsage) is { } distrust
            ? $"it is not trusted by {trust.Description}, so that no other silo would accept it: {distrust}"
            : trust.HasName(certificate) ? null : $"it does not carry the name that Tls:ServerName demands, '{trust.ServerName}', so that no other silo would accept it.";
    }
}
