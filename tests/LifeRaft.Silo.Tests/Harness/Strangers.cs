using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace LifeRaft.Silo.Tests;

/// <summary>Who knocks at a port with the wrong certificate, with none, or without TLS at all.</summary>
internal static class Strangers
{
    /// <summary>The silo ends the connection. One that it accepts it keeps, and waits for us to begin.</summary>
    public static async Task AreRefused(int port, X509Certificate2? certificate)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await using var secure = new SslStream(tcp.GetStream());
        try
        {
            await secure.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "silo",
                    ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, [], offline: true),
                    RemoteCertificateValidationCallback = (_, remote, _, _) => remote?.Subject.StartsWith("CN=silo-", StringComparison.Ordinal) == true,
                },
                TestContext.Current.CancellationToken).WaitAsync(Wait.Patience);
            await Ends(secure);
        }
        catch (Exception failure) when (failure is IOException or AuthenticationException)
        {
            // As it should be.
        }
    }

    public static async Task AreRefusedWithoutTls(int port)
    {
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        await tcp.GetStream().WriteAsync("let me in, please"u8.ToArray(), TestContext.Current.CancellationToken);
        try
        {
            await Ends(tcp.GetStream());
        }
        catch (IOException)
        {
            // As it should be.
        }
    }

    private static async Task Ends(Stream stream)
    {
        var rest = new byte[1024];
        while (await stream.ReadAsync(rest, TestContext.Current.CancellationToken).AsTask().WaitAsync(Wait.Patience) > 0)
        {
            // An alert, perhaps.
        }
    }
}
