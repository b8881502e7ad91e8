using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orleans.Connections.Security;

namespace LifeRaft.Cli;

/// <summary>The certificates of a connection, read before anything is sent: a file that is not right is said at once.</summary>
internal sealed class TlsCertificates : IDisposable
{
    private readonly X509Certificate2Collection? _authorities;
    private readonly X509Certificate2? _certificate;
    private readonly string? _host;

    /// <exception cref="MisuseException">A file is missing, or holds no certificate or no key; the message says which.</exception>
    public TlsCertificates(TlsFiles files)
    {
        _host = files.Host;
        _authorities = files.Authority is { } authority ? Read("--tls-authority", authority, ReadAuthorities) : null;
        _certificate = files.Certificate is { } certificate ? Read("--tls-certificate", certificate, path => ReadCertificate(path, files.Key)) : null;
        if (_certificate is { HasPrivateKey: false })
        {
            throw new MisuseException($"--tls-certificate: {files.Certificate} holds no private key. Give it with --tls-key.");
        }
    }

    /// <summary>Sets up Orleans' connections.</summary>
    /// <param name="options">What Orleans asks.</param>
    /// <param name="hostOf">The name under which a gateway was asked for.</param>
    public void Configure(TlsOptions options, Func<EndPoint?, string?> hostOf)
    {
        options.LocalCertificate = _certificate;
        options.ClientCertificateMode = _certificate is null ? RemoteCertificateMode.NoCertificate : RemoteCertificateMode.RequireCertificate;
        options.OnAuthenticateAsClient = (connection, ssl) => ssl.TargetHost = _host ?? hostOf(connection.RemoteEndPoint);
        if (_authorities is not null)
        {
            options.RemoteCertificateValidation = IsTrusted;
        }
    }

    /// <summary>Whether the tool has a certificate of its own to show.</summary>
    public bool ShowsOne => _certificate is not null;

    /// <summary>The same for a connection that is not Orleans'.</summary>
    /// <param name="host">The name under which the gateway was asked for.</param>
    /// <param name="refuse">Is told why the silo's certificate is not accepted.</param>
    public SslClientAuthenticationOptions ForClient(string? host, Action<string> refuse) => new()
    {
        TargetHost = _host ?? host,
        ClientCertificates = _certificate is null ? null : [_certificate],
        RemoteCertificateValidationCallback = (_, certificate, sent, errors) =>
        {
            var problem = ProblemOf(certificate as X509Certificate2, sent, errors, _host ?? host);
            if (problem is not null)
            {
                refuse(problem);
            }

            return problem is null;
        },
    };

    /// <inheritdoc/>
    public void Dispose()
    {
        _certificate?.Dispose();
        foreach (var authority in _authorities ?? [])
        {
            authority.Dispose();
        }
    }

    private bool IsTrusted(X509Certificate2 certificate, X509Chain? sent, SslPolicyErrors errors) => ProblemOf(certificate, sent, errors, _host) is null;

    private string? ProblemOf(X509Certificate2? certificate, X509Chain? sent, SslPolicyErrors errors, string? name)
    {
        if (certificate is null)
        {
            return "it shows no certificate";
        }

        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
        {
            return $"its certificate, '{certificate.Subject}', is not for '{name}'";
        }

        var isTrusted = _authorities is null ? errors == SslPolicyErrors.None : ComesFromAuthorities(certificate, sent);
        return isTrusted ? null : $"its certificate, '{certificate.Subject}', comes from '{certificate.Issuer}', which is not trusted";
    }

    private bool ComesFromAuthorities(X509Certificate2 certificate, X509Chain? sent)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_authorities!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        foreach (var element in sent?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(certificate);
    }

    private static X509Certificate2Collection ReadAuthorities(string path)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(path);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate in PEM form");
    }

    private static X509Certificate2 ReadCertificate(string path, string? key)
    {
        if (X509Certificate2.GetCertContentType(path) == X509ContentType.Pfx)
        {
            return X509CertificateLoader.LoadPkcs12FromFile(path, password: null);
        }

        return key is not null || File.ReadAllText(path).Contains("PRIVATE KEY-----", StringComparison.Ordinal)
            ? X509Certificate2.CreateFromPemFile(path, key)
            : X509CertificateLoader.LoadCertificateFromFile(path);
    }

    private static T Read<T>(string option, string path, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new MisuseException($"{option}: {path} cannot be used: {failure.Message}");
        }
    }
}
