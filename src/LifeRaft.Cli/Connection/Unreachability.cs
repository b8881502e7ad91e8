using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;

namespace LifeRaft.Cli;

/// <summary>Finds out why no silo could be reached, gateway by gateway, and says what to do.</summary>
internal static class Unreachability
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    public static async Task<string> Explain(
        ClusterSettings settings, IReadOnlyDictionary<IPEndPoint, Gateway> endpoints, Exception failure, CancellationToken cancellationToken)
    {
        var looks = await Task.WhenAll(endpoints.Select(async known => (Gateway: known.Value, Problem: await Look(known.Key, cancellationToken))));
        var problems = string.Join(", ", looks.Select(look => $"{look.Gateway} ({look.Problem ?? "answers"})"));
        if (looks.All(look => look.Problem is not null))
        {
            return $"No silo can be reached: {problems}. Start one, or name the gateway of one that runs with --gateway or {ClusterArguments.GatewaysVariable}.";
        }

        // Somebody listens there, but is not who is looked for, or does not come to it.
        return Innermost<AuthenticationException>(failure) is { } tls
            ? $"No silo can be reached: {problems}, but TLS failed: {tls.Message} Look at the --tls options."
            : $"No silo can be reached: {problems}, but the connection did not come about within {Duration.Format(settings.Timeout)} ({Innermost<Exception>(failure)!.Message.TrimEnd('.')}). "
                + $"Is it the gateway of a silo of the cluster '{settings.ClusterId}' and the service '{settings.ServiceId}', {(settings.Tls is null ? "without" : "with")} TLS?";
    }

    /// <summary>Why nobody answers there; null if somebody does.</summary>
    private static async Task<string?> Look(IPEndPoint endpoint, CancellationToken cancellationToken)
    {
        using var socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_patience);
        try
        {
            await socket.ConnectAsync(endpoint, deadline.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            return "no answer";
        }
        catch (SocketException problem)
        {
            return problem.SocketErrorCode == SocketError.ConnectionRefused ? "connection refused" : problem.Message;
        }
    }

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
