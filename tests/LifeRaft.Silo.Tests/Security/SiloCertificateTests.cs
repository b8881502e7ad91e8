using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace LifeRaft.Silo.Tests;

public sealed class SiloCertificateTests : IDisposable
{
    private static readonly DateTimeOffset _now = DateTimeOffset.UtcNow;

    private readonly TemporaryFolder _folder = new();
    private readonly TestAuthority _authority = new("cluster");
    private readonly TestAuthority _stranger = new("stranger");

    public void Dispose()
    {
        _authority.Dispose();
        _stranger.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void PEM_and_PFX_are_read_alike()
    {
        using var certificate = _authority.Issue("silo-1");
        CertificateFiles.Write(_folder, _authority, certificate);
        File.WriteAllBytes(Path.Combine(_folder.Path, "silo.pfx"), certificate.Export(X509ContentType.Pkcs12, "sesame"));
        _folder.Write("password", "sesame\n");
        var pem = SiloCertificate.Load(Settings(), _now);
        var pfx = SiloCertificate.Load(Settings(tls => (tls.CertificateFile, tls.KeyFile, tls.PasswordFile) = (At("silo.pfx"), "", At("password"))), _now);
        Assert.True(pem.Certificate.HasPrivateKey && pfx.Certificate.HasPrivateKey);
        Assert.Equal(certificate.Thumbprint, pem.Certificate.Thumbprint);
        Assert.Equal(certificate.Thumbprint, pfx.Certificate.Thumbprint);
    }

    [Fact]
    public void An_encrypted_key_is_read_with_its_password_only()
    {
        using var certificate = _authority.Issue("silo-1");
        CertificateFiles.Write(_folder, _authority, certificate);
        _folder.Write("tls/silo.key", certificate.GetECDsaPrivateKey()!.ExportEncryptedPkcs8PrivateKeyPem("sesame", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        Assert.True(SiloCertificate.Load(Settings(tls => tls.Password = "sesame"), _now).Certificate.HasPrivateKey);
        Assert.Contains("it cannot be read", ProblemOf(Settings(tls => tls.Password = "wrong")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        Assert.StartsWith($"Tls:AuthorityFile is '{At("tls/authority.pem")}', but there is no such file", ProblemOf(Settings()), StringComparison.Ordinal);
        using var certificate = _authority.Issue("silo-1");
        CertificateFiles.Write(_folder, _authority, certificate);
        File.Delete(At("tls/silo.key"));
        Assert.StartsWith($"Tls:KeyFile is '{At("tls/silo.key")}', but there is no such file", ProblemOf(Settings()), StringComparison.Ordinal);
        File.Delete(At("tls/silo.pem"));
        Assert.StartsWith($"Tls:CertificateFile is '{At("tls/silo.pem")}', but there is no such file", ProblemOf(Settings()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_without_its_key_is_refused()
    {
        using var certificate = _authority.Issue("silo-1");
        CertificateFiles.Write(_folder, _authority, certificate);
        Assert.Contains("there is no private key in it", ProblemOf(Settings(tls => tls.KeyFile = "")), StringComparison.Ordinal);
        File.WriteAllBytes(At("silo.pfx"), X509CertificateLoader.LoadCertificate(certificate.RawData).Export(X509ContentType.Pkcs12));
        Assert.Contains("there is no private key in it", ProblemOf(Settings(tls => (tls.CertificateFile, tls.KeyFile) = (At("silo.pfx"), ""))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_that_has_expired_or_is_not_valid_yet_is_refused()
    {
        using var old = _authority.Issue("silo-1", _now.AddDays(-60), _now.AddDays(-1));
        CertificateFiles.Write(_folder, _authority, old);
        Assert.Contains("it expired at ", ProblemOf(Settings()), StringComparison.Ordinal);
        using var early = _authority.Issue("silo-1", _now.AddDays(1));
        CertificateFiles.Write(_folder, _authority, early);
        Assert.Contains("it is not valid before ", ProblemOf(Settings()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_of_another_authority_is_refused()
    {
        using var certificate = _stranger.Issue("silo-1");
        CertificateFiles.Write(_folder, _authority, certificate);
        Assert.Contains($"it is not trusted by Tls:AuthorityFile '{At("tls/authority.pem")}'", ProblemOf(Settings()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_for_servers_only_is_refused()
    {
        using var certificate = _authority.Issue("silo-1", forClients: false);
        CertificateFiles.Write(_folder, _authority, certificate);
        Assert.Contains("it may not be used by a client", ProblemOf(Settings()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_certificate_of_another_name_is_refused()
    {
        using var certificate = _authority.Issue("silo-1");
        CertificateFiles.Write(_folder, _authority, certificate);
        Assert.Contains("does not carry the name that Tls:ServerName demands, 'cluster.example'", ProblemOf(Settings(tls => tls.ServerName = "cluster.example")), StringComparison.Ordinal);
    }

    private static string ProblemOf(TlsSettings settings) => Assert.Single(Assert.Throws<SiloConfigurationException>(() => SiloCertificate.Load(settings, _now)).Problems);

    private string At(string name) => Path.Combine(_folder.Path, name);

    private TlsSettings Settings(Action<TlsSettings>? change = null)
    {
        var settings = new TlsSettings { CertificateFile = At("tls/silo.pem"), KeyFile = At("tls/silo.key"), AuthorityFile = At("tls/authority.pem") };
        change?.Invoke(settings);
        return settings;
    }
}
