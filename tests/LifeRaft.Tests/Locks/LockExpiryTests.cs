using CsCheck;
using Xunit;

namespace LifeRaft.Tests.Locks;

/// <summary>Whatever is slow, whatever is lost, and however the clocks differ within their bounds: the holder stops first.</summary>
public sealed class LockExpiryTests
{
    private static readonly Gen<Case> _cases = Gen.Select(
        Gen.Int[1, 8], Gen.Int[0, 16], Gen.Int[0, 16], Gen.Int[0, 300], Gen.Bool, Gen.Int[90, 110], (seconds, there, back, cutAfter, isAnswerLost, rate) =>
        {
            var timeToLive = TimeSpan.FromSeconds(seconds);
            return new Case(timeToLive, timeToLive * there / 40, timeToLive * back / 40, timeToLive * cutAfter / 100, isAnswerLost, rate / 100.0);
        });

    [Fact]
    public void A_holder_knows_that_it_has_lost_before_the_group_lets_another_in() => _cases.Sample(split =>
    {
        var group = new LockGroup { There = split.There, Back = split.Back };
        var locks = group.Client();
        var acquiring = locks.Acquire("a", new LockOptions { TimeToLive = split.TimeToLive });
        PassUntil(() => acquiring.IsCompleted);
        var handle = acquiring.GetAwaiter().GetResult();

        PassUntil(() => false, split.CutAfter);
        if (split.IsAnswerLost)
        {
            group.Back = TimeSpan.FromDays(1);
        }
        else
        {
            group.IsCutOff = true;
        }

        // While answers are lost, the words that arrive keep the lock for a holder that does not know it: it is lost all the same.
        PassUntil(() => !handle.IsHeld);
        Assert.True(handle.Lost.IsCancellationRequested);
        PassUntil(() => group.Look("a") is null);

        void PassUntil(Func<bool> isOver, TimeSpan? limit = null)
        {
            for (var passed = TimeSpan.Zero; passed < (limit ?? TimeSpan.FromHours(1)) && !isOver(); passed += LockGroup.Step)
            {
                group.Pass(LockGroup.Step, split.GroupRate);
                if (acquiring.IsCompleted && group.Look("a")?.Holders.Single().Token != acquiring.Result.FencingToken)
                {
                    Assert.True(acquiring.Result.Lost.IsCancellationRequested, $"The group has let go, and {split} did not tell the holder before.");
                    Assert.False(acquiring.Result.IsHeld);
                }
            }

            Assert.True(limit is not null || isOver());
        }
    });

    /// <summary>How long words and answers are under way, what breaks and when, and how fast the group's clock goes as the holder sees it.</summary>
    private sealed record Case(TimeSpan TimeToLive, TimeSpan There, TimeSpan Back, TimeSpan CutAfter, bool IsAnswerLost, double GroupRate);
}
