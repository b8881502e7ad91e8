using System.Net;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Messaging;

namespace LifeRaft;

/// <summary>The gateways that a client may use, as the voters of the membership table know them.</summary>
internal sealed class LifeRaftGatewayListProvider : IGatewayListProvider, IAsyncDisposable, IDisposable
{
    private readonly TimeSpan _timeout;
    private readonly List<VoterConnection> _connections;
    private readonly MembershipTableClient _table;
    private int _isDisposed;

    public LifeRaftGatewayListProvider(
        IOptions<LifeRaftClusteringOptions> options, IOptions<ClusterOptions> cluster, IOptions<GatewayOptions> gateways, TimeProvider time, ILogger<VoterConnection> logger)
    {
        (_timeout, MaxStaleness) = (options.Value.RequestTimeout, gateways.Value.GatewayListRefreshPeriod);
        var dialler = new VoterDialler(cluster.Value.ClusterId, $"client on {Environment.MachineName}, process {Environment.ProcessId}", options.Value, time);
        _connections = [.. options.Value.Voters.Select(voter => new VoterConnection(dialler, voter.Key, VoterEndPoint.Parse(voter.Value), logger))];
        _table = new MembershipTableClient(new VoterRoute(_connections, time));
    }

    public TimeSpan MaxStaleness { get; }

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => InitializeGatewayListProviderAsync(CancellationToken.None);

    public Task InitializeGatewayListProviderAsync(CancellationToken cancellationToken)
    {
        _connections.ForEach(static connection => connection.Start());
        return Task.CompletedTask;
    }

    public Task<IList<Uri>> GetGateways() => GetGatewaysAsync(CancellationToken.None);

    public async Task<IList<Uri>> GetGatewaysAsync(CancellationToken cancellationToken)
    {
        var table = await _table.Read(_timeout, cancellationToken);
        return [.. table.Rows.Values.Where(row => row is { Status: SiloStatus.Active, ProxyPort: > 0 }).Select(GatewayOf)];
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            await Task.WhenAll(_connections.Select(connection => connection.DisposeAsync().AsTask()));
        }
    }

    private static Uri GatewayOf(MembershipRow row)
    {
        var silo = SiloAddress.FromParsableString(row.Silo);
        return SiloAddress.New(new IPEndPoint(silo.Endpoint.Address, row.ProxyPort), silo.Generation).ToGatewayUri();
    }
}
