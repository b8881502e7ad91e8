using LifeRaft.Protocol;
using Xunit;

namespace LifeRaft.Hosting.Tests;

/// <summary>The inbox of a pump: many put, one takes.</summary>
public sealed class PumpInboxTests
{
    private readonly PumpInbox _inbox = new();

    [Fact]
    public void What_was_put_first_is_taken_first_also_between_two_takings()
    {
        Put(1, 2, 3);
        Assert.Equal(1, Take());
        Put(4);
        Assert.Equal(3, _inbox.Count);
        Assert.Equal([2, 3, 4], [Take(), Take(), Take()]);
        Assert.False(_inbox.TryTake(out _));
        Assert.Equal(0, _inbox.Count);
        Put(5);
        Assert.Equal(5, Take());
    }

    [Fact]
    public async Task Nothing_is_lost_doubled_or_overtaken_when_many_put_at_once()
    {
        const int Each = 20_000;
        var next = new int[4];
        var putting = Task.WhenAll(Enumerable.Range(0, next.Length).Select(who => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                _inbox.Put(new Numbered(who, i));
            }
        })));
        while (next.Sum() < next.Length * Each)
        {
            Assert.False(putting.IsFaulted);
            if (_inbox.TryTake(out var input))
            {
                var (who, number) = ((Numbered)input).Place;
                Assert.Equal(next[who]++, number);
            }
        }

        await putting;
        Assert.False(_inbox.TryTake(out _));
        Assert.Equal(0, _inbox.Count);
    }

    [Fact]
    public void An_input_that_was_posted_to_one_node_is_posted_to_no_other()
    {
        var input = new Numbered(0, 1);
        _inbox.Put(input);
        Assert.Throws<InvalidOperationException>(() => new PumpInbox().Put(input));
        Assert.True(_inbox.TryTake(out _));
        _inbox.Put(input);
        Assert.Equal(1, Take());
    }

    private void Put(params ReadOnlySpan<int> numbers)
    {
        foreach (var number in numbers)
        {
            _inbox.Put(new Numbered(0, number));
        }
    }

    private int Take() => _inbox.TryTake(out var input) ? ((Numbered)input).Place.Number : -1;

    private sealed class Numbered(int who, int number) : PumpInput
    {
        public (int Who, int Number) Place => (who, number);

        public override void Feed(RaftNode node, TimeSpan now) => Assert.Fail("Nobody feeds it.");
    }
}
