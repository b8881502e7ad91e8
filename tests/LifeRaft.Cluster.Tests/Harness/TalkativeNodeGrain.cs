using System.Collections.Concurrent;
using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Cluster.Tests;

/// <summary>A grain interface of the user's own.</summary>
public interface ITalkativeNode : IGrainWithStringKey
{
    Task<IReadOnlyList<string>> Heard();

    Task<int> Attempts(int failures);

    /// <summary>Lets the answers to packets of the type 'later' go.</summary>
    Task Release();

    /// <summary>Another one for each activation.</summary>
    Task<Guid> Activation();
}

/// <summary>A user's node: it overrides what liferaft lets one override, and has an interface of its own.</summary>
[GrainType("talkative-node")]
public class TalkativeNodeGrain : RaftNodeGrain, ITalkativeNode
{
    private readonly ConcurrentQueue<string> _heard = new();
    private readonly Guid _activation = Guid.NewGuid();
    private readonly TaskCompletionSource _released = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<IReadOnlyList<string>> Heard() => Task.FromResult<IReadOnlyList<string>>([.. _heard]);

    public Task Release()
    {
        _released.SetResult();
        return Task.CompletedTask;
    }

    public Task<Guid> Activation() => Task.FromResult(_activation);

    /// <summary>Fails so many times, and says how many attempts there were.</summary>
    public async Task<int> Attempts(int failures)
    {
        var attempts = 0;
        await Indefinitely(_ => ++attempts <= failures ? throw new InvalidOperationException($"attempt {attempts}") : Task.CompletedTask, TimeSpan.FromMilliseconds(20));
        return attempts;
    }

    protected override async Task OnInitialize(RaftOptions options)
    {
        await Task.Yield();
        if (Key.Address.Name == "unable")
        {
            throw new InvalidOperationException("it is not able to");
        }

        _heard.Enqueue($"initialize {options.Heartbeat.TotalMilliseconds}");
    }

    protected override void OnTermChange(Term newTerm, Term oldTerm) => _heard.Enqueue("term change");

    protected override void OnLeaderChange(string newLeader, string oldLeader) => _heard.Enqueue("leader change");

    protected override void OnStateChange(RaftState newState, RaftState oldState) => _heard.Enqueue($"state change {newState}");

    protected override void OnLeader() => _heard.Enqueue("leader");

    protected override void OnFollower() => _heard.Enqueue("follower");

    protected override void OnCandidate() => _heard.Enqueue("candidate");

    protected override void OnChild() => _heard.Enqueue("child");

    protected override void OnStopped() => _heard.Enqueue("stopped");

    protected override void OnHeartbeatTimeout() => _heard.Enqueue("heartbeat timeout");

    protected override void OnVote(RaftPacket request, bool granted) => _heard.Enqueue($"vote {granted}");

    protected override void OnJoin(string address, MemberId member) => _heard.Enqueue($"join {address}");

    protected override void OnLeave(string address, MemberId member) => _heard.Enqueue($"leave {address}");

    protected override void OnCommit(LogIndex index, Term term, ReadOnlyMemory<byte> command) => _heard.Enqueue($"commit {command.Length}");

    protected override void OnError(string error) => _heard.Enqueue($"error {error}");

    protected override void OnEnd() => _heard.Enqueue("end");

    protected override RaftPacket OnHeartbeat(RaftPacket packet)
    {
        if (packet.Type != PacketTypes.Append)
        {
            _heard.Enqueue("wrong heartbeat");
        }

        return packet with { HasData = true, Data = $"from {Key.Address}" };
    }

    protected override void OnThreshold(TimeSpan averageLatency) => _heard.Enqueue($"threshold {averageLatency}");

    protected override async Task<RaftPacket?> OnRpc(RaftPacket packet)
    {
        switch (packet.Type)
        {
            case "greeting":
                return await Answer(packet);
            case "slow":
                // Longer than 0.8 x 150 ms: the sender's threshold.
                await Task.Delay(TimeSpan.FromMilliseconds(150));
                return null;
            case "later":
                await _released.Task;
                return await Packet("late answer");
            case "broken":
                throw new InvalidOperationException("broken on purpose");
            default:
                return null;
        }
    }

    private async Task<RaftPacket?> Answer(RaftPacket packet)
    {
        _heard.Enqueue($"rpc {packet.Data}");
        return await Packet("greeting reply", $"hello {packet.Data}");
    }
}

/// <summary>A machine that cannot do what it is asked to.</summary>
public sealed class FragileMachine : IStateMachine
{
    private byte _applied;

    public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command) =>
        command.Span[0] == 13 ? throw new InvalidOperationException("thirteen is not applied") : new byte[] { ++_applied };

    public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query) =>
        query.Length == 0 ? throw new InvalidOperationException("nothing was asked") : new byte[] { _applied };

    public Action<Stream> CaptureSnapshot()
    {
        var applied = _applied;
        return destination => destination.WriteByte(applied);
    }

    public void ReadSnapshot(Stream source) => _applied = (byte)source.ReadByte();
}
