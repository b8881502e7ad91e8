using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace LifeRaft.Cli;

/// <summary>
/// Looks whether the tool and the gateways accept each other's certificates, while Orleans' client connects: that would try again and again until
/// its time is over, and then not say why.
/// </summary>
internal static class TlsLook
{
    // A silo that does not want somebody says so at once. One that is silent for longer waits for the tool to begin, which is well.
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(2);

    /// <summary>Why none of the gateways and the tool want each other; ends only when that is so for all of them. Null when it was cancelled before.</summary>
    public static async Task<IReadOnlyDictionary<IPEndPoint, TlsRefusal>?> AllRefuse(
        IReadOnlyCollection<IPEndPoint> gateways, TlsCertificates certificates, Func<IPEndPoint, string?> hostOf, CancellationToken cancellationToken)
    {
        try
        {
            var looks = gateways.Select(async gateway => (Gateway: gateway, Refusal: await Refusal(gateway, certificates, hostOf(gateway), cancellationToken)));
            return (await Task.WhenAll(looks)).ToDictionary(look => look.Gateway, look => look.Refusal);
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException)
        {
            return null;
        }
    }

    private static async Task<TlsRefusal> Refusal(IPEndPoint gateway, TlsCertificates certificates, string? host, CancellationToken cancellationToken)
    {
        using var socket = new Socket(gateway.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_patience);
        try
        {
            await socket.ConnectAsync(gateway, patience.Token);
            await using var secure = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false);
            string? problem = null;
            try
            {
                await secure.AuthenticateAsClientAsync(certificates.ForClient(host, found => problem = found), patience.Token);
            }
            catch (Exception failure) when (failure is AuthenticationException or IOException)
            {
                return problem is null
                    ? new($"no TLS came about: {failure.Message.TrimEnd('.')}", "Leave the --tls options out if the silos do not use TLS.")
                    : new(problem, "Name who issued it with --tls-authority, and the name in it with --tls-host.");
            }

            // By version 1.3 a silo looks at the tool's certificate only after the tool believes that all is done.
            if (await Ends(secure, patience.Token))
            {
                return certificates.ShowsOne
                    ? new("it does not accept the tool's certificate", "Give the tool one of an authority that the silos trust with --tls-certificate.")
                    : new("it wants a certificate of the tool", "Give the tool one with --tls-certificate.");
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // It neither refused nor was refused in time.
        }

        // Nothing is known against this one: Orleans' client is to find out.
        await Task.Delay(Timeout.Infinite, cancellationToken);
        throw new OperationCanceledException(cancellationToken);
    }

    private static async Task<bool> Ends(SslStream secure, CancellationToken cancellationToken)
    {
        try
        {
            return await secure.ReadAsync(new byte[1], cancellationToken) == 0;
        }
        catch (IOException)
        {
            return true;
        }
    }
}

/// <summary>Why a gateway cannot be used.</summary>
/// <param name="Reason">What was seen of it.</param>
/// <param name="Advice">What to do.</param>
internal sealed record TlsRefusal(string Reason, string Advice);
