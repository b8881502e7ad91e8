using LifeRaft.TestingHost;

namespace LifeRaft.Cluster.Tests;

/// <summary>The README's typed machine, and its tests.</summary>
public sealed class AccountsTests
{
    [Fact]
    public async Task The_readmes_machine_works_from_a_client()
    {
        await using var cluster = await RaftTestCluster.Start(3, raft => raft.AddStateMachine<Accounts>());
        await Use(cluster.Client);
    }

    [Fact]
    public void The_readmes_machine_is_deterministic() =>
        DeterminismTest.Run(serializer => new Accounts(serializer), [new Deposit("anna", 100), new Deposit("bert", 5)], [new Balance("anna")]);

    [Fact]
    public async Task Nothing_is_lost_with_a_silo()
    {
        await using var cluster = await RaftTestCluster.Start(3, raft => raft.AddStateMachine<Accounts>());
        var bank = await cluster.Create<Accounts>("main");
        await bank.Command(new Deposit("anna", 100));

        var leader = await cluster.WaitForLeader(bank.Group);
        await cluster.Kill(RaftTestCluster.SiloOf(leader.Address));

        var elsewhere = cluster.ClientAt(cluster.Silos[0]).GetRaft<Accounts>("main");
        Assert.Equal(100, await elsewhere.Query(new Balance("anna")));
    }

    private static async Task Use(IClusterClient client)
    {
        var bank = client.GetRaft<Accounts>("main");
        await bank.Group.Create(members: 3);

        long balance = await bank.Command(new Deposit("anna", 100));
        long seen = await bank.Query(new Balance("anna"));

        await using var session = await bank.OpenSession();
        await session.Command(new Deposit("anna", 1)); // once, whatever happens on the way
        Assert.Equal((100, 100, 101), (balance, seen, await session.Query(new Balance("anna"))));
    }
}
