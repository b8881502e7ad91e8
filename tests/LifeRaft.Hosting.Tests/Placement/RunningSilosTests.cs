using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Time.Testing;

namespace LifeRaft.Hosting.Tests;

/// <summary>What a silo knows of the others. Found by killing processes: two silos that missed each other's start stayed apart for a minute.</summary>
public sealed class RunningSilosTests
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddDays(1));
    private readonly FakeMembership _membership = new();
    private readonly RunningSilos _silos;

    public RunningSilosTests()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        _silos = new RunningSilos(_membership, _time);
    }

    [Fact]
    public void A_silo_that_is_not_listed_makes_the_table_be_read_again_at_most_once_a_second()
    {
        _membership.List(Member("silo-a", 1, SiloStatus.Active));
        Assert.NotNull(_silos.Find("silo-a"));
        Assert.Equal(0, _membership.Refreshed);

        Assert.Null(_silos.Find("silo-b"));
        Assert.Null(_silos.Find("silo-b"));
        Assert.Equal(1, _membership.Refreshed);

        _time.Advance(TimeSpan.FromSeconds(1));
        _membership.List(Member("silo-a", 1, SiloStatus.Active), Member("silo-b", 2, SiloStatus.Active));
        Assert.NotNull(_silos.Find("silo-b"));
        _silos.Doubt();
        Assert.Equal(2, _membership.Refreshed);
    }

    [Fact]
    public void Of_two_incarnations_of_one_name_the_younger_that_runs_is_found()
    {
        _membership.List(Member("silo-a", 7, SiloStatus.Active), Member("silo-a", 9, SiloStatus.Active), Member("silo-a", 11, SiloStatus.Joining));
        Assert.Equal(9, _silos.Find("silo-a")!.Generation);
        Assert.Equal(["silo-a"], _silos.Names);
    }

    private static ClusterMember Member(string name, int generation, SiloStatus status) =>
        new(SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), generation), status, name);

    private sealed class FakeMembership : IClusterMembershipService
    {
        public int Refreshed { get; private set; }

        public ClusterMembershipSnapshot CurrentSnapshot { get; private set; } = new(ImmutableDictionary<SiloAddress, ClusterMember>.Empty, new MembershipVersion(1));

        public IAsyncEnumerable<ClusterMembershipSnapshot> MembershipUpdates => throw new InvalidOperationException("Nobody asks for updates here.");

        public void List(params ClusterMember[] members) =>
            CurrentSnapshot = new ClusterMembershipSnapshot(members.ToImmutableDictionary(member => member.SiloAddress), new MembershipVersion(CurrentSnapshot.Version.Value + 1));

        public ValueTask Refresh(MembershipVersion minimumVersion = default, CancellationToken cancellationToken = default)
        {
            Refreshed++;
            return ValueTask.CompletedTask;
        }

        public Task<bool> TryKill(SiloAddress siloAddress) => throw new InvalidOperationException("Nobody is killed here.");
    }
}
