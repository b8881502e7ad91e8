using LifeRaft.Chaos;
using LifeRaft.Protocol;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace LifeRaft.Hosting.Tests;

/// <summary>What a voter that asks to be admitted may keep others from.</summary>
public sealed class VoterAdmissionTests
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    /// <summary>After which a voter that asked to be admitted asks again.</summary>
    private static readonly TimeSpan _askedAgain = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_voter_that_does_not_say_a_word_keeps_no_other_from_being_admitted()
    {
        var (muteIsTold, otherIsTold) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var mute = ScriptedVoter.Answering(request => Note(request, muteIsTold));
        await using var other = ScriptedVoter.Answering(request => Note(request, otherIsTold));
        var options = new LifeRaftClusteringOptions { Voters = { ["silo-1"] = "127.0.0.1:1", ["silo-2"] = mute.EndPoint, ["silo-3"] = other.EndPoint } };
        await using var toMute = Dial("silo-2", options);
        await using var toOther = Dial("silo-3", options);
        var time = new FakeTimeProvider();
        await using var store = MemoryLogStore.On(new MemoryDisk(), NullLogger<MemoryLogStore>.Instance);
        await store.Open(TestContext.Current.CancellationToken);
        using var leader = new Voter("silo-1", options, store, new Dictionary<string, VoterConnection> { ["silo-2"] = toMute, ["silo-3"] = toOther }, time, NullLogger<VoterSession>.Instance);
        await leader.Open(TestContext.Current.CancellationToken);
        Assert.True(await leader.Session.Ask((node, now) => node.TryFound(new GroupId(Guid.NewGuid()), new Member(new MemberId(Guid.NewGuid()), "silo-1", "silo-1"), GroupTimings.Default, now)));
        await Polling.For("silo-1 leads", leader.Look, look => look.Leader == "silo-1");
        await Polling.For("both are connected", () => Task.FromResult(toMute.Problem + toOther.Problem), problem => problem.Length == 0);

        using var testEnds = new CancellationTokenSource();
        var first = Join(leader, "silo-2", testEnds.Token);
        await muteIsTold.Task.WaitAsync(_patience);
        var behind = Enumerable.Range(0, 3).Select(_ => Join(leader, "silo-3", testEnds.Token)).ToList();
        time.Advance(_askedAgain / 3);
        foreach (var join in behind)
        {
            Assert.Equal(ReplyStatus.NotNow, (await join.WaitAsync(_patience)).Status);
        }

        time.Advance(_askedAgain / 3);
        Assert.Equal(ReplyStatus.NotNow, (await first.WaitAsync(_patience)).Status);

        var next = Join(leader, "silo-3", testEnds.Token);
        await otherIsTold.Task.WaitAsync(_patience);
        await testEnds.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(_patience));
    }

    /// <summary>It is told its membership, and does not answer.</summary>
    private static VoterReply? Note(VoterRequest request, TaskCompletionSource told)
    {
        if (request.Operation == VoterOperation.Admit)
        {
            told.TrySetResult();
        }

        return null;
    }

    private static Task<VoterReply> Join(Voter leader, string silo, CancellationToken cancellationToken) =>
        leader.Ask(new VoterRequest(VoterOperation.Join, new FieldWriter().Text(silo).Id(Guid.Empty).ToArray()), cancellationToken);

    private static VoterConnection Dial(string silo, LifeRaftClusteringOptions options)
    {
        var connection = new VoterConnection(
            new VoterDialler("bench", "silo-1", options, TimeProvider.System), silo, VoterEndPoint.Parse(options.Voters[silo]), NullLogger<VoterConnection>.Instance);
        connection.Start();
        return connection;
    }
}
