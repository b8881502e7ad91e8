using System.Net;
using Orleans.Messaging;

namespace LifeRaft.Cli;

/// <summary>Tells Orleans' client of those gateways that can be connected to; of all of them, while none can.</summary>
/// <param name="first">What was seen when the connection was opened.</param>
internal sealed class LiveGateways(IReadOnlyDictionary<IPEndPoint, string?> first) : IGatewayListProvider
{
    private readonly List<IPEndPoint> _all = [.. first.Keys];
    private IReadOnlyDictionary<IPEndPoint, string?>? _first = first;

    public TimeSpan MaxStaleness => TimeSpan.FromMinutes(1);

    public bool IsUpdatable => true;

    public Task InitializeGatewayListProvider() => Task.CompletedTask;

    public async Task<IList<Uri>> GetGateways()
    {
        var seen = Interlocked.Exchange(ref _first, null) ?? await GatewayProbe.Network.Look(_all, GatewayProbe.Patience, CancellationToken.None);
        var live = seen.Where(look => look.Value is null).Select(look => look.Key).ToList();
        return [.. (live.Count > 0 ? live : seen.Keys).Select(endpoint => SiloAddress.New(endpoint, 0).ToGatewayUri())];
    }
}
