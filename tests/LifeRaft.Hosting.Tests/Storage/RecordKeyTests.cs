using LifeRaft.Storage.RocksDb;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>liferaft's keys grow with the index: 300 bytes at entry 300.</summary>
public sealed class RecordKeyTests
{
    [Fact]
    public void The_logs_keys_have_one_size_and_sort_as_the_indices_do()
    {
        long[] indices = [1, 2, 9, 10, 255, 256, 300, 65_536, 1_000_000_000_000, long.MaxValue];
        var keys = indices.Select(index => RecordKey.OfNode(RecordKind.Entry, node: 7, index)).ToList();
        Assert.All(keys, key => Assert.Equal(RecordKey.NodeBytes, key.Length));
        Assert.Equal(indices, keys.Shuffle().Order(Comparer<byte[]>.Create((left, right) => left.AsSpan().SequenceCompareTo(right))).Select(key => RecordKey.Index(key)));
    }
}
