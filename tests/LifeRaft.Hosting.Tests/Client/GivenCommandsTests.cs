using System.Runtime.InteropServices;

namespace LifeRaft.Hosting.Tests;

/// <summary>Whose memory a command is on its way to the leader.</summary>
public sealed class GivenCommandsTests
{
    private readonly FakeGroup _fake = new(new PumpBench.CountingMachine());
    private readonly TaskCompletionSource<ReadOnlyMemory<byte>> _arrived = new();
    private readonly RaftGroup _group;

    public GivenCommandsTests()
    {
        _group = new RaftGroup(_fake.Grains, FakeGroup.Name, _fake.Time);
        _fake.OnCommand = command =>
        {
            _arrived.SetResult(command);
            return new TaskCompletionSource<Reply>().Task;
        };
    }

    [Fact]
    public async Task Who_has_given_up_may_change_the_memory_of_a_command_that_is_still_under_way()
    {
        using var cancellation = new CancellationTokenSource();
        var memory = new byte[] { 1, 2, 3 };
        var command = _group.Command(memory, cancellation.Token);
        var arrived = await _arrived.Task;
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => command);

        memory.AsSpan().Fill(9);

        Assert.Equal([1, 2, 3], arrived.ToArray());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_given_away_is_not_copied(bool mayRepeat)
    {
        using var cancellation = new CancellationTokenSource();
        var memory = new byte[] { 1, 2, 3 };
        var command = mayRepeat ? _group.GiveRepeatedly(memory, cancellation.Token) : _group.Give(memory, cancellation.Token);
        Assert.True(MemoryMarshal.TryGetArray(await _arrived.Task, out var arrived));
        Assert.Same(memory, arrived.Array);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => command);
    }
}
