using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace LifeRaft.Hosting.Tests;

/// <summary>The instruments of one silo, and whoever listens to them.</summary>
internal sealed class TestInstruments : ILocalSiloDetails, IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();

    public TestInstruments(RaftOptions? options = null) =>
        Instruments = new RaftInstruments(_services.GetRequiredService<IMeterFactory>(), this, Microsoft.Extensions.Options.Options.Create(options ?? new RaftOptions()));

    public RaftInstruments Instruments { get; }

    /// <summary>What was measured: the instrument, the value, and the attributes as text.</summary>
    public List<(string Name, double Value, string Attributes)> Measured { get; } = [];

    public string Name => "silo-a";

    public string ClusterId => "test";

    public string DnsHostName => "localhost";

    public SiloAddress SiloAddress { get; } = SiloAddress.New(IPAddress.Loopback, 1, 1);

    public SiloAddress GatewayAddress => SiloAddress;

    public NodeMeter MeterOf(string node) => new(Instruments, Instruments.TagsOf(NodeKey.Parse(node)));

    /// <summary>Listens from now on, with a listener that remembers or, for tests of what it costs, with one that does not.</summary>
    public void Listen(bool remembers = true)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter == Instruments.Meter)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Remember(instrument, value, tags, remembers));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Remember(instrument, value, tags, remembers));
        _listener.Start();
    }

    public void Collect() => _listener.RecordObservableInstruments();

    public void Dispose()
    {
        _listener.Dispose();
        _services.Dispose();
    }

    private void Remember(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, bool remembers)
    {
        if (remembers)
        {
            Measured.Add((instrument.Name, value, string.Join(", ", tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
        }
    }
}
