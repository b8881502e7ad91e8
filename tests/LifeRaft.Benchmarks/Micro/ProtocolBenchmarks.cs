using BenchmarkDotNet.Attributes;

namespace LifeRaft.Benchmarks;

/// <summary>The steps of a leader and two followers from proposals of 256 bytes to the last of them applied on all three. Per proposal.</summary>
[MemoryDiagnoser]
public class ProtocolBenchmarks
{
    private const int Batch = 64;

    private readonly MicroGroup _group = new();
    private readonly byte[] _payload = new byte[Values.UsualBytes];

    /// <summary>One proposal alone.</summary>
    [Benchmark]
    public long CommitOne() => _group.Commit(1, _payload);

    /// <summary>Proposals that come at once.</summary>
    [Benchmark(OperationsPerInvoke = Batch)]
    public long CommitBatch() => _group.Commit(Batch, _payload);
}
