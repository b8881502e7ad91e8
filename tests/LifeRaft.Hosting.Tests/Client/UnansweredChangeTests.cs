using System.Reflection;

namespace LifeRaft.Hosting.Tests;

/// <summary>A change that was sent and never answered may have been made: that is said, and not that nothing was done.</summary>
public sealed class UnansweredChangeTests
{
    public static TheoryData<Exception> Lost => [new TimeoutException("Response did not arrive on time in 00:00:01."), new SiloUnavailableException("The target silo became unavailable.")];

    public static IEnumerable<Func<RaftGroup, Task>> Changes =>
    [
        group => group.AddVoter("1@silo-1"),
        group => group.AddLearner("1@silo-1"),
        group => group.Join("1@silo-1"),
        group => group.Replace("1@silo-1", "2@silo-2"),
        group => group.Create(["1@silo-1"]),
    ];

    [Theory]
    [MemberData(nameof(Lost))]
    public async Task A_change_of_members(Exception lost)
    {
        foreach (var change in Changes)
        {
            var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => change(Grains(lost).GetRaftGroup("kv/x").Soon()));
            Assert.Contains("kv/x", failure.Message, StringComparison.Ordinal);
            Assert.Contains("repeat it", failure.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Lost))]
    public async Task A_drain_and_its_end(Exception lost)
    {
        var cluster = Grains(lost).GetRaftCluster();
        Assert.Contains("silo-1", (await Assert.ThrowsAsync<OutcomeUnknownException>(() => cluster.Drain("silo-1"))).Message, StringComparison.Ordinal);
        Assert.Contains("silo-1", (await Assert.ThrowsAsync<OutcomeUnknownException>(() => cluster.Resume("silo-1"))).Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ClusterUnreachableException>(() => cluster.Look());
    }

    [Fact]
    public async Task What_could_not_be_sent_has_no_unknown_outcome()
    {
        var grains = Grains(new Orleans.Runtime.Messaging.ConnectionFailedException("refused"));
        await Assert.ThrowsAsync<GroupUnavailableException>(() => grains.GetRaftGroup("kv/x").Soon().AddVoter("1@silo-1"));
        await Assert.ThrowsAsync<ClusterUnreachableException>(() => grains.GetRaftCluster().Drain("silo-1"));
    }

    private static IGrainFactory Grains(Exception lost)
    {
        var factory = DispatchProxy.Create<IGrainFactory, SilentGrains>();
        ((SilentGrains)(object)factory).Lost = lost;
        return factory;
    }

    /// <summary>Grains whose every answer is lost.</summary>
    public class SilentGrains : DispatchProxy
    {
        internal Exception Lost { get; set; } = null!;

        /// <inheritdoc/>
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod?.ReturnType == typeof(IRaftCoordinator) ? Silent<IRaftCoordinator>()
            : targetMethod?.ReturnType == typeof(IRaftOperations) ? Silent<IRaftOperations>()
            : throw Lost;

        private object Silent<T>()
            where T : class
        {
            var grain = DispatchProxy.Create<T, SilentGrains>();
            ((SilentGrains)(object)grain).Lost = Lost;
            return grain;
        }
    }
}

internal static class ImpatientGroups
{
    public static RaftGroup Soon(this RaftGroup group)
    {
        group.Timeout = TimeSpan.FromMilliseconds(50);
        return group;
    }
}
