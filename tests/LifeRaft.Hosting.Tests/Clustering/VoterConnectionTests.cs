using System.Collections.Concurrent;
using LifeRaft.Chaos;
using Microsoft.Extensions.Logging;

namespace LifeRaft.Hosting.Tests;

/// <summary>How often a voter is dialled, and what is said about it.</summary>
public sealed class VoterConnectionTests : IDisposable
{
    private static readonly byte[] _pong = [0, 0, 0, 1, (byte)FrameKind.Pong];

    private readonly CapturedLog _log = new();
    private readonly ShortPauses _time = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public async Task A_voter_that_welcomes_and_hangs_up_is_dialled_less_and_less_often_and_reported_once()
    {
        await using var voter = new ScriptedVoter("127.0.0.1:0", (_, _) => Task.CompletedTask);
        await using var connection = Dial(voter);
        await Polling.For("six pauses", () => Task.FromResult(_time.Pauses.Count), count => count >= 6);
        var pauses = _time.Pauses.Take(6).ToList();
        Assert.Equal(pauses.Order(), pauses);
        Assert.Equal(TimeSpan.FromSeconds(1), pauses[^1]);
        Assert.Single(Losses());
    }

    [Fact]
    public async Task A_voter_that_answered_is_dialled_again_soon_and_each_loss_is_reported()
    {
        await using var voter = new ScriptedVoter("127.0.0.1:0", async (stream, cancellationToken) => await stream.WriteAsync(_pong, cancellationToken));
        await using var connection = Dial(voter);
        await Polling.For("four losses", () => Task.FromResult(Losses().Count()), count => count >= 4);
        Assert.Single(Losses().Distinct());
        Assert.Single(_time.Pauses.Distinct());
    }

    private IEnumerable<string> Losses() => _log.Entries.Where(entry => entry.Id.Name == "VoterConnectionLost").Select(entry => entry.Message);

    private VoterConnection Dial(ScriptedVoter voter)
    {
        var connection = new VoterConnection(
            new VoterDialler("bench", "silo-1", new LifeRaftClusteringOptions(), _time), "silo-2", VoterEndPoint.Parse(voter.EndPoint), _log.CreateLogger<VoterConnection>());
        connection.Start();
        return connection;
    }

    /// <summary>Pauses between two attempts are noted, and over at once. Pings and patience are longer, and as they are.</summary>
    private sealed class ShortPauses : TimeProvider
    {
        private static readonly TimeSpan _pingPeriod = TimeSpan.FromSeconds(2);

        public ConcurrentQueue<TimeSpan> Pauses { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime <= TimeSpan.Zero || dueTime >= _pingPeriod)
            {
                return base.CreateTimer(callback, state, dueTime, period);
            }

            Pauses.Enqueue(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
        }
    }
}
