using System.Net;
using System.Net.Sockets;

namespace LifeRaft.Silo;

/// <summary>
/// Looks whether the silo's ports are free before anything is started: what Orleans and Kestrel say of a port that is not names neither
/// the setting nor what to do.
/// </summary>
internal sealed class FreePorts(SiloConfiguration configuration) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var silo = configuration.Silo;
        var address = silo.ListenOnAnyAddress ? IPAddress.Any : HostAddress.Resolve(silo.Address);
        ThrowIfTaken("Silo:Port", $"{silo.Port}", new IPEndPoint(address, silo.Port));
        ThrowIfTaken("Silo:GatewayPort", $"{silo.GatewayPort}", new IPEndPoint(address, silo.GatewayPort));
        ThrowIfTaken("Http:Url", $"'{configuration.Http.Url}'", HttpListening.EndPointOf(configuration.Http));
        if (configuration.Clustering.Kind == ClusteringKind.LifeRaft && configuration.Clustering.LifeRaft.Voters.TryGetValue(silo.Name, out var voter)
            && HostAddress.TryResolveEndPoint(voter, out var endPoint, out _))
        {
            var any = configuration.Clustering.LifeRaft.ListenOnAnyAddress;
            ThrowIfTaken($"Clustering:LifeRaft:Voters:{silo.Name}", $"'{voter}'", any ? new IPEndPoint(IPAddress.Any, endPoint.Port) : endPoint);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static void ThrowIfTaken(string path, string value, IPEndPoint endPoint)
    {
        using var listener = new TcpListener(endPoint);
        try
        {
            listener.Start();
        }
        catch (SocketException failure)
        {
            var problem = failure.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => $"port {endPoint.Port} of {endPoint.Address} is taken by another process. Stop that one, or give this silo another port.",
                SocketError.AddressNotAvailable => $"{endPoint.Address} is no address of this machine. Name one that is, or set Silo:ListenOnAnyAddress.",
                SocketError.AccessDenied => $"this user may not listen on port {endPoint.Port}. Take one above 1023.",
                _ => $"{endPoint} cannot be listened on: {failure.Message}.",
            };
            throw new SiloStartException($"{path} is {value}, but {problem}", failure);
        }
    }
}
