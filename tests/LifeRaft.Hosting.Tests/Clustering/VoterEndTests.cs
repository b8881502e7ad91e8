using System.Net;
using System.Net.Sockets;
using LifeRaft.Chaos;

namespace LifeRaft.Hosting.Tests;

/// <summary>What is left of a voter that stops or has stopped.</summary>
public sealed class VoterEndTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_silo_that_stops_while_it_waits_for_another_voter_frees_its_port_and_hangs_up()
    {
        var isLookedAt = new TaskCompletionSource();
        await using var bench = new VoterBench(voters: 2);
        await using var other = ScriptedVoter.Answering(
            request =>
            {
                if (request.Operation == VoterOperation.Look)
                {
                    isLookedAt.TrySetResult(); // And is not answered: who asked waits.
                }

                return request.Operation == VoterOperation.Query ? new VoterReply(ReplyStatus.Done, EmptyTable()) : null;
            },
            bench.Voters["silo-2"]);
        await bench.Begin("silo-1");
        await isLookedAt.Task.WaitAsync(_patience);
        await bench.Stop("silo-1");

        using var port = new TcpListener(IPEndPoint.Parse(bench.Voters["silo-1"]));
        port.Start(); // Throws while anybody listens there.
        await Polling.For("silo-1 has hung up", () => Task.FromResult(other.Connections), count => count == 0);
    }

    [Theory]
    [InlineData(VoterOperation.Look)]
    [InlineData(VoterOperation.Admit)]
    [InlineData(VoterOperation.Command)]
    [InlineData(VoterOperation.Query)]
    internal async Task Nobody_waits_longer_than_it_wants_for_a_voter_that_was_halted(VoterOperation operation)
    {
        await using var bench = await VoterBench.Start(voters: 1);
        var voter = bench["silo-1"].Voter!;
        voter.Halt();
        using var impatience = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            voter.Ask(new VoterRequest(operation, new FieldWriter().Id(Guid.NewGuid()).Id(Guid.NewGuid()).ToArray()), impatience.Token).WaitAsync(_patience));
    }

    private static byte[] EmptyTable()
    {
        var writer = new FieldWriter();
        MembershipTableState.Empty.Write(writer);
        return writer.ToArray();
    }
}
