using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;
using Orleans.Messaging;

namespace LifeRaft.Cli;

/// <summary>An open connection to a cluster, through the gateways that were named.</summary>
internal sealed class ClusterConnection : IAsyncDisposable
{
    private static readonly TimeSpan _timeToSayGoodbye = TimeSpan.FromSeconds(1);
    private readonly IHost _host;
    private readonly TlsCertificates? _certificates;

    private ClusterConnection(ClusterSettings settings, IHost host, TlsCertificates? certificates)
    {
        (Settings, _host, _certificates) = (settings, host, certificates);
        Client = host.Services.GetRequiredService<IClusterClient>();
    }

    /// <summary>Whereto it leads.</summary>
    public ClusterSettings Settings { get; }

    /// <summary>Orleans' client.</summary>
    public IClusterClient Client { get; }

    /// <summary>A group, whose requests take as long as <c>--timeout</c> says.</summary>
    /// <exception cref="InvalidNameException">The name is malformed.</exception>
    public RaftGroup Group(string name)
    {
        var group = Client.GetRaftGroup(name);
        group.Timeout = Settings.Timeout;
        return group;
    }

    /// <summary>Connects, within the settings' time.</summary>
    /// <exception cref="UnreachableException">No silo can be reached; the message says what was tried.</exception>
    /// <exception cref="MisuseException">A certificate cannot be used.</exception>
    public static async Task<ClusterConnection> Open(ClusterSettings settings, CancellationToken cancellationToken)
    {
        var endpoints = await GatewayAddresses.Find(settings, cancellationToken);
        var seen = await GatewayProbe.Network.Look(endpoints.Keys, settings.Timeout, cancellationToken);
        if (seen.Values.All(problem => problem is not null))
        {
            throw Unreachability.Explain(settings, endpoints, seen, failure: null);
        }

        var certificates = settings.Tls is { } tls ? new TlsCertificates(tls) : null;
        var host = Build(settings, endpoints, new LiveGateways(seen), certificates);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(settings.Timeout);
        try
        {
            await Start(host, settings, endpoints, seen, certificates, deadline.Token);
            return new ClusterConnection(settings, host, certificates);
        }
        catch (Exception failure)
        {
            await deadline.CancelAsync();
            host.Dispose();
            certificates?.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            throw Unreachability.Explain(settings, endpoints, seen, failure);
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The silos notice that a client is gone; nobody waits for that.
        using var deadline = new CancellationTokenSource(_timeToSayGoodbye);
        try
        {
            await _host.StopAsync(deadline.Token);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            // What was to be done is done.
        }

        _host.Dispose();
        _certificates?.Dispose();
    }

    /// <summary>Connects, or finds out before that no certificate will do.</summary>
    private static async Task Start(
        IHost host, ClusterSettings settings, IReadOnlyDictionary<IPEndPoint, Gateway> endpoints, IReadOnlyDictionary<IPEndPoint, string?> seen, TlsCertificates? certificates, CancellationToken cancellationToken)
    {
        var starting = host.StartAsync(cancellationToken).WaitAsync(cancellationToken);
        if (certificates is not null)
        {
            using var looking = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var live = seen.Where(look => look.Value is null).Select(look => look.Key).ToList();
            var refusing = TlsLook.AllRefuse(live, certificates, endpoint => endpoints[endpoint].Host, looking.Token);
            await Task.WhenAny(starting, refusing);
            if (!starting.IsCompletedSuccessfully && refusing.IsCompleted && await refusing is { } refusals)
            {
                throw Unreachability.Refused(endpoints, seen, refusals);
            }

            await starting;
            await looking.CancelAsync();
            await refusing;
        }

        await starting;
    }

    private static IHost Build(ClusterSettings settings, IReadOnlyDictionary<IPEndPoint, Gateway> endpoints, LiveGateways gateways, TlsCertificates? certificates)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.UseOrleansClient(client =>
        {
            client.Services.AddSingleton<IGatewayListProvider>(gateways);
            client.Configure<ClusterOptions>(options => (options.ClusterId, options.ServiceId) = (settings.ClusterId, settings.ServiceId));
            client.Configure<ConnectionOptions>(options => options.OpenConnectionTimeout = Shorter(options.OpenConnectionTimeout, settings.Timeout));
            client.Configure<ClientMessagingOptions>(options => options.ResponseTimeout = settings.Timeout);
            if (certificates is not null)
            {
                client.UseTls(options => certificates.Configure(options, endpoint => endpoint is IPEndPoint known && endpoints.TryGetValue(known, out var gateway) ? gateway.Host : null));
            }
        });
        return builder.Build();
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
