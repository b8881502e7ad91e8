namespace LifeRaft.Silo.Tests;

/// <summary>A metric as OpenTelemetry's protocol has it.</summary>
/// <param name="Resource">The attributes of who sent it, those that are texts.</param>
/// <param name="Meter">Its meter.</param>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Count">The sum of its points where they are whole numbers, or how many values were measured where it is a histogram.</param>
internal sealed record ExportedMetric(IReadOnlyDictionary<string, string> Resource, string Meter, string Name, string Unit, long Count)
{
    /// <summary>Those of an <c>ExportMetricsServiceRequest</c>; the numbers are those of opentelemetry/proto/metrics/v1/metrics.proto.</summary>
    public static IEnumerable<ExportedMetric> Read(ReadOnlyMemory<byte> request) =>
        from resourceMetrics in new ProtocolBuffer(request).Messages(1)
        let resource = Attributes(resourceMetrics.Messages(1).Single())
        from scopeMetrics in resourceMetrics.Messages(2)
        let meter = scopeMetrics.Messages(1).Single().Texts(1).Single()
        from metric in scopeMetrics.Messages(2)
        select new ExportedMetric(resource, meter, metric.Texts(1).Single(), metric.Texts(3).SingleOrDefault() ?? "", CountOf(metric));

    private static Dictionary<string, string> Attributes(ProtocolBuffer resource) => resource.Messages(1)
        .Select(pair => (Key: pair.Texts(1).Single(), Value: pair.Messages(2).Single().Texts(1).SingleOrDefault()))
        .Where(pair => pair.Value is not null)
        .ToDictionary(pair => pair.Key, pair => pair.Value!);

    private static long CountOf(ProtocolBuffer metric) =>
        metric.Messages(5).Concat(metric.Messages(7)).SelectMany(data => data.Messages(1)).SelectMany(point => point.Fixed(6)).Sum()
        + metric.Messages(9).SelectMany(data => data.Messages(1)).SelectMany(point => point.Fixed(4)).Sum();
}
