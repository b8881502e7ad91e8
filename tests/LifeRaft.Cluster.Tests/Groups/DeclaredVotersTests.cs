using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>A declared group gets no more voters than were declared, whoever admits them, and whenever what was sent arrives.</summary>
public sealed class DeclaredVotersTests
{
    private const int Members = 3;

    [Fact]
    public async Task An_admission_that_arrives_when_other_silos_were_chosen_is_refused()
    {
        var admission = new HeldCall(nameof(IRaftRequests.AddMember));
        await using var cluster = await RaftCluster.Start(Members, options: Impatient, services: admission.AddTo);
        var group = GroupThatPrefers("Silo_3");
        await BreakOff(cluster, group, admission);

        await cluster.Restart(3);
        await AllKnow(cluster, group, "Silo_3");
        await Complete(cluster, group);
        admission.LetGo();
        await admission.Answered;
        Assert.Equal(Members, (await Voters(cluster, group)).Count);
    }

    [Fact]
    public async Task A_member_whose_silo_went_before_it_voted_gives_way_and_does_not_come_back()
    {
        var admission = new HeldCall(nameof(IRaftRequests.AddMember));
        await using var cluster = await RaftCluster.Start(Members + 1, options: Impatient, services: admission.AddTo);
        var group = GroupThatPrefers("Silo_3");
        await BreakOff(cluster, group, admission);
        await cluster.Kill(3);
        admission.LetGo();
        await Wait.For("the member that is dead is listed", () => Listed(cluster, group), listed => listed.Any(IsOnTheDead), listed => string.Join(", ", listed.Select(member => member.Address)));

        await Complete(cluster, group);
        await cluster.Restart(3);
        await Wait.For("it is there again", () => cluster.Status(cluster.Group(group)), nodes => nodes.Any(node => NodeAddress.Parse(node.Address).Silo == "Silo_3"), RaftCluster.Describe);
        Assert.DoesNotContain(await Listed(cluster, group), IsOnTheDead);
        Assert.Equal(Members, (await Voters(cluster, group)).Count);

        static bool IsOnTheDead(MemberStatus member) => NodeAddress.Parse(member.Address).Silo == "Silo_3";
    }

    /// <summary>A group that puts its second member on that silo, when all four run.</summary>
    private static string GroupThatPrefers(string silo) => Enumerable.Range(1, 1_000)
        .Select(number => $"kv/prefers-{number}")
        .First(name => MemberChoice.Rank(GroupName.Parse(name), Enumerable.Range(0, Members + 1).Select(RaftCluster.Silo))[1] == silo);

    private static void Impatient(RaftOptions options) => options.JoinTimeout = TimeSpan.FromSeconds(2);

    /// <summary>The group is founded, and its second member's admission is on its way when the coordinator gives it up.</summary>
    private static async Task BreakOff(RaftCluster cluster, string group, HeldCall admission)
    {
        var declaring = Declare(cluster, group);
        await admission.Sent;
        await Assert.ThrowsAsync<OutcomeUnknownException>(() => declaring);
    }

    private static async Task AllKnow(RaftCluster cluster, string group, string silo) => await Task.WhenAll(cluster.Running.Select(asked => Wait.For(
        $"silo {asked} knows {silo}", () => cluster.From(asked).GetRaftGroup(group).Silos(TestContext.Current.CancellationToken), known => known.Contains(silo), known => string.Join(", ", known))));

    private static async Task Complete(RaftCluster cluster, string group)
    {
        await Wait.For("the declared group is complete", () => TryDeclare(cluster, group), waitsFor => waitsFor.Length == 0, waitsFor => waitsFor);
        Assert.Equal(Members, (await Voters(cluster, group)).Count);
    }

    private static async Task<string> TryDeclare(RaftCluster cluster, string group)
    {
        try
        {
            return (await Declare(cluster, group)).WaitsFor ?? "";
        }
        catch (Exception failure) when (failure is RaftException or OrleansException or TimeoutException)
        {
            return failure.Message; // As every silo does, it is asked again.
        }
    }

    private static Task<DeclaredGroup> Declare(RaftCluster cluster, string group) => cluster.From(0).GetGrain<IRaftCoordinator>(group).Declare(Members);

    private static async Task<IReadOnlyList<MemberStatus>> Listed(RaftCluster cluster, string group) =>
        await cluster.From(0).GetRaftGroup(group).Members(TestContext.Current.CancellationToken);

    private static async Task<List<MemberStatus>> Voters(RaftCluster cluster, string group) =>
        [.. (await Listed(cluster, group)).Where(member => member.IsVoter)];
}
