namespace LifeRaft.Benchmarks.Tests;

public sealed class RatioTests
{
    [Fact]
    public void A_write_is_set_beside_etcd_s_and_beside_the_sum_of_its_parts()
    {
        var ratios = Ratio.Of(
        [
            Row("disk", Workload.Sync, 1, p50: 100, valueBytes: 4096),
            Row("liferaft wal", Workload.Write, 1, p50: 9999, valueBytes: 16),
            Row("liferaft wal", Workload.Write, 1, p50: 300),
            Row("liferaft wal", Workload.ClientCalls, 1, p50: 75),
            Row("liferaft wal", Workload.GrainCalls, 1, p50: 25),
            Row("etcd", Workload.Write, 1, p50: 600),
        ]).Where(ratio => ratio.Measured is not null).ToList();

        Assert.Equal([("write, 1 client, p50, to etcd's", 0.5, false), ("write, 1 client, p50, to call + call + sync", 1.5, true)], ratios.Select(ratio => (ratio.Name, ratio.Measured!.Value, ratio.IsMet)));
    }

    [Fact]
    public void Rates_are_set_beside_those_of_as_many_clients()
    {
        var ratios = Ratio.Of(
        [
            Row("liferaft wal", Workload.Write, 64, perSecond: 50_000),
            Row("liferaft wal", Workload.Write, 256, perSecond: 90_000),
            Row("liferaft wal", Workload.Read, 64, perSecond: 80_000),
            Row("liferaft wal", Workload.LeaseRead, 64, perSecond: 80_000),
            Row("liferaft wal", Workload.ClientCalls, 64, perSecond: 100_000),
            Row("liferaft wal", Workload.ClientCalls, 256, perSecond: 200_000),
            Row("etcd", Workload.Write, 64, perSecond: 10_000),
            Row("etcd", Workload.Write, 256, perSecond: 15_000),
        ]).Where(ratio => ratio.Measured is not null).ToList();

        Assert.Equal([(5.0, true), (6.0, false), (0.45, false), (0.8, true), (0.8, false)], ratios.Select(ratio => (ratio.Measured!.Value, ratio.IsMet)));
    }

    [Fact]
    public void Only_silos_in_one_process_are_set_beside_DotNext()
    {
        var ratios = Ratio.Of(
        [
            Row("liferaft wal", Workload.Write, 64, perSecond: 1),
            Row("liferaft wal, one process", Workload.Write, 64, perSecond: 60_000),
            Row("DotNext", Workload.Write, 64, perSecond: 30_000),
        ]).Where(ratio => ratio.Measured is not null);

        Assert.Equal(("liferaft wal, one process", "writes/s, 64 clients, to DotNext's", 2.0, true), Assert.Single(ratios.Select(ratio => (ratio.System, ratio.Name, ratio.Measured!.Value, ratio.IsMet))));
    }

    [Fact]
    public void A_ratio_whose_figures_are_missing_is_named_and_not_met()
    {
        var ratios = Ratio.Of([Row("liferaft rocksdb", Workload.Write, 1, p50: 300)]).ToList();

        Assert.Equal(7, ratios.Count);
        Assert.All(ratios, ratio => Assert.True(ratio is { Measured: null, IsMet: false }));
    }

    private static Measurement Row(string system, string workload, int clients, double perSecond = 0, double p50 = 0, int valueBytes = 256) =>
        new(system, workload, clients, valueBytes, perSecond, p50, P99Us: 0, P999Us: 0, CpuUsPerOp: 0, BytesPerOp: null);
}
