using System.Net;
using System.Security.Authentication;

namespace LifeRaft.Cli;

/// <summary>Says why no silo could be reached, gateway by gateway, and what to do.</summary>
internal static class Unreachability
{
    /// <param name="settings">What was tried.</param>
    /// <param name="gateways">The gateways by their addresses.</param>
    /// <param name="seen">For each, why nobody answers there; null if somebody does.</param>
    /// <param name="failure">What became of the connection, if there was somebody to connect to.</param>
    public static UnreachableException Explain(
        ClusterSettings settings, IReadOnlyDictionary<IPEndPoint, Gateway> gateways, IReadOnlyDictionary<IPEndPoint, string?> seen, Exception? failure)
    {
        if (failure is UnreachableException known)
        {
            return known;
        }

        var looks = string.Join(", ", seen.Select(look => $"{gateways[look.Key]} ({look.Value ?? "answers"})").Distinct());
        if (failure is null)
        {
            return new($"No silo can be reached: {looks}. Start one, or name the gateway of one that runs with --gateway or {ClusterArguments.GatewaysVariable}.");
        }

        // Somebody listens there, but is not who is looked for, or does not come to it.
        return Innermost<AuthenticationException>(failure) is { } tls
            ? new($"No silo can be reached: {looks}, but TLS failed: {tls.Message} Look at the --tls options.")
            : new($"No silo can be reached: {looks}, but the connection did not come about within {Duration.Format(settings.Timeout)} ({Innermost<Exception>(failure)!.Message.TrimEnd('.')}). "
                + $"Is it the gateway of a silo of the cluster '{settings.ClusterId}' and the service '{settings.ServiceId}', {Encryption(settings.Tls)}");
    }

    /// <summary>The same where somebody answers everywhere, but no certificate will do.</summary>
    public static UnreachableException Refused(
        IReadOnlyDictionary<IPEndPoint, Gateway> gateways, IReadOnlyDictionary<IPEndPoint, string?> seen, IReadOnlyDictionary<IPEndPoint, TlsRefusal> refusals)
    {
        var looks = string.Join(", ", seen.Select(look => $"{gateways[look.Key]} ({look.Value ?? refusals[look.Key].Reason})").Distinct());
        return new($"No silo can be reached: {looks}. {string.Join(' ', refusals.Values.Select(refusal => refusal.Advice).Distinct())}");
    }

    /// <summary>A silo that does not want the tool's certificate, or misses it, ends the connection without a word.</summary>
    private static string Encryption(TlsFiles? tls) => tls switch
    {
        null => "without TLS?",
        { Certificate: null } => "with TLS? The tool shows no certificate: give it one with --tls-certificate, for silos want one unless Tls:RequireClientCertificate is false.",
        _ => $"with TLS, or does it not trust who issued {tls.Certificate}?",
    };

    private static T? Innermost<T>(Exception? failure)
        where T : Exception
    {
        T? found = null;
        for (; failure is not null; failure = failure.InnerException)
        {
            found = failure as T ?? found;
        }

        return found;
    }
}
