namespace LifeRaft.Benchmarks.Tests;

public sealed class MemoryWatchTests
{
    [Theory]
    [InlineData(1, new long[] { 30, 10, 30 })]
    [InlineData(1, new long[] { 10, 30, 30, 10 })]
    [InlineData(2, new long[] { 10, 10, 15, 20 })]
    [InlineData(0.5, new long[] { 20, 10 })]
    public void What_grows_has_more_in_the_second_half(double growth, long[] seen) =>
        Assert.Equal(growth, MemoryWatch.Growth([.. seen.Select(bytes => new MemoryUse(bytes, 0))], memory => memory.HeapBytes));

    [Fact]
    public async Task The_load_is_watched_from_before_its_beginning_to_its_end()
    {
        var load = new TaskCompletionSource();
        var looks = 0;
        var seen = await MemoryWatch.During(load.Task, Look);
        Assert.Equal([1, 2], seen.Select(memory => memory.HeapBytes));

        Task<MemoryUse> Look()
        {
            load.TrySetResult();
            return Task.FromResult(new MemoryUse(++looks, 0));
        }
    }
}
