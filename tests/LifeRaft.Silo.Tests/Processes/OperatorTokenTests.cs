using System.Net;
using System.Text.Json;

namespace LifeRaft.Silo.Tests;

/// <summary>What silos let whom do over HTTP: nothing as they are, and with <c>Dashboard:OperatorTokenFile</c> what they are asked with the token.</summary>
public sealed class OperatorTokenTests : IDisposable
{
    private const string Token = "0123456789abcdef0123456789abcdef";
    private static readonly string[] _actions = ["transfer", "step-down", "add", "make-voter", "remove", "drain", "resume"];

    /// <summary>Patient with each other: that the leader changes by itself is to be no chance of a busy machine.</summary>
    private static readonly Dictionary<string, string> _patient = new()
    {
        ["LIFERAFT_LifeRaft__Heartbeat"] = "200 ms",
        ["LIFERAFT_LifeRaft__ElectionMin"] = "5 s",
        ["LIFERAFT_LifeRaft__ElectionMax"] = "10 s",
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task With_the_token_leadership_is_transferred_and_without_it_nothing_changes()
    {
        var file = _folder.Write("operator.token", Token + "\n", UnixFileMode.UserRead);
        await using var silos = await ThreeSilos.Start(new Dictionary<string, string>(_patient) { ["LIFERAFT_Dashboard__OperatorTokenFile"] = file });
        await using var client = await SiloClient.Connect(silos.Gateways);
        var group = client.Grains.GetRaftGroup("kv/default");
        var silo = silos["silo-1"];
        var (before, target) = await Settled(group);
        foreach (var action in _actions)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await silo.Post($"/api/actions/{action}", Body(target))).Status);
            var (status, answer) = await silo.Post($"/api/actions/{action}", Body(target), Token.Replace('0', '1'));
            Assert.Equal(HttpStatusCode.Unauthorized, status);
            Assert.Equal("This is not the operators' token of this host.", JsonDocument.Parse(answer).RootElement.GetProperty("error").GetString());
        }

        Assert.Equal(before, await Seen(group));
        Assert.Contains("A wrong operators' token was presented to the dashboard, 1 times since this was said last; now from 127.0.0.1.", silo.Said, StringComparison.Ordinal);

        var done = await silo.Post("/api/actions/transfer", Body(target), Token);
        Assert.True(done.Status == HttpStatusCode.OK, done.Answer);
        await Wait.For($"{target} leads", () => Leader(group), leader => leader == target, () => silo.Said);
        await Wait.For("the silo says who did it", () => Task.FromResult(silo.Said), said => said.Contains($"The dashboard's action 'transfer' of 'operator at 127.0.0.1': {target} leads kv/default.", StringComparison.Ordinal));
        Assert.DoesNotContain(Token, silo.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("was challenged", silo.Said, StringComparison.Ordinal); // One line for each of them would fill the disk.
    }

    [Fact]
    public async Task Without_the_setting_no_token_changes_anything()
    {
        await using var silos = await ThreeSilos.Start(_patient);
        await using var client = await SiloClient.Connect(silos.Gateways);
        var group = client.Grains.GetRaftGroup("kv/default");
        var (before, target) = await Settled(group);
        foreach (var action in _actions)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await silos["silo-1"].Post($"/api/actions/{action}", Body(target))).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await silos["silo-1"].Post($"/api/actions/{action}", Body(target), Token)).Status);
        }

        Assert.Equal(HttpStatusCode.NotFound, await silos["silo-1"].Status("/api/operator"));
        Assert.Equal(before, await Seen(group));
    }

    private static string Body(string target) => $$"""{"group":"kv/default","address":"{{target}}","silo":"silo-1"}""";

    /// <summary>All three members are there and know the leader. Returns that, and one that does not lead.</summary>
    private static async Task<(string Seen, string Target)> Settled(RaftGroup group)
    {
        var nodes = await Wait.For("three members know the leader", () => Nodes(group), nodes => nodes.Count == 3 && nodes.All(node => node.Leader is not null && node.Leader == nodes[0].Leader && node.Applied == nodes[0].Applied));
        return (await Seen(group), nodes.First(node => node.Address != nodes[0].Leader).Address);
    }

    private static async Task<string?> Leader(RaftGroup group) => await Nodes(group) is [var first, ..] ? first.Leader : null;

    private static async Task<string> Seen(RaftGroup group) => string.Join("; ", (await Nodes(group)).OrderBy(node => node.Address, StringComparer.Ordinal).Select(node =>
        $"{node.Address} {node.State} term {node.Term} leader {node.Leader} members {string.Join(",", node.Members.Select(member => $"{member.Address}/{member.IsVoter}"))}"));

    private static async Task<IReadOnlyList<NodeStatus>> Nodes(RaftGroup group)
    {
        try
        {
            return await group.Status();
        }
        catch (RaftException)
        {
            return [];
        }
    }
}
