namespace LifeRaft.Silo;

/// <summary>Encryption between silos and to clients, and who may connect at all.</summary>
public sealed class TlsSettings
{
    /// <summary>The silo's certificate: PEM, or PFX with its key. It is read at the start; a renewed one needs a restart of the silo.</summary>
    /// <value>Empty by default: nothing is encrypted, and whoever reaches the ports is trusted.</value>
    public string CertificateFile { get; set; } = "";

    /// <summary>The private key of a PEM certificate.</summary>
    /// <value>Empty by default: it is in <see cref="CertificateFile"/>.</value>
    public string KeyFile { get; set; } = "";

    /// <summary>The password of the PFX or of an encrypted key.</summary>
    /// <value>Empty by default: there is none. A secret: prefer <see cref="PasswordFile"/>, or the environment, <c>LIFERAFT_Tls__Password</c>.</value>
    [Secret]
    public string Password { get; set; } = "";

    /// <summary>A file whose first line is the password, as containers are given secrets.</summary>
    /// <value>Empty by default.</value>
    public string PasswordFile { get; set; } = "";

    /// <summary>The authorities whose certificates are accepted from others, PEM: roots, and intermediates if there are any.</summary>
    /// <value>
    /// Empty by default, which is an error where there is a certificate: whoever has one of a public authority would be let in. An authority for
    /// this cluster alone is best: whoever has a certificate of it is let in, silos where <see cref="ServerName"/> allows, clients at the gateway.
    /// </value>
    public string AuthorityFile { get; set; } = "";

    /// <summary>The name that the certificates of silos must carry, whether they are connected to or connect; those of clients need not.</summary>
    /// <value>
    /// Empty by default: any certificate of <see cref="AuthorityFile"/> that servers may use passes for a silo. Set it where clients have certificates
    /// of the same authority: one name that all silos' certificates carry besides their own, and no client's.
    /// </value>
    public string ServerName { get; set; } = "";

    /// <summary>Whether clients must have a certificate, too. Silos always must.</summary>
    /// <value>True by default. False lets anybody who reaches the gateway port use the cluster, over an encrypted connection.</value>
    public bool RequireClientCertificate { get; set; } = true;

    internal bool IsEnabled => CertificateFile.Length > 0;

    internal IEnumerable<SettingProblem> Problems()
    {
        if (!IsEnabled)
        {
            var path = KeyFile.Length > 0 ? "Tls:KeyFile" : AuthorityFile.Length > 0 ? "Tls:AuthorityFile" : null;
            return path is null ? [] : [new SettingProblem(path, "is set, but Tls:CertificateFile is not, so that nothing would be encrypted. Set it, or remove this.")];
        }

        return
        [
            .. Password.Length > 0 && PasswordFile.Length > 0 ? [new SettingProblem("Tls:PasswordFile", "is set, and Tls:Password, too. Remove one of them.")] : (SettingProblem[])[],
            .. AuthorityFile.Length == 0
                ? [new SettingProblem("Tls:AuthorityFile", "is empty: any certificate of a public authority would be let into the cluster. Name the file of the authority that issues this cluster's certificates.")]
                : (SettingProblem[])[],
        ];
    }
}
