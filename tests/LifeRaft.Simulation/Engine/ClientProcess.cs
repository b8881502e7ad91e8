using System.Globalization;
using System.Text;
using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>
/// A client that does one operation at a time, looks for the leader, and writes down what it knows of each outcome. An operation
/// whose outcome is unknown ends the process; the client goes on as another one. Some clients write in sessions.
/// </summary>
internal sealed partial class ClientProcess(World world, int place, int number)
{
    private static readonly string[] _keys = ["x", "y", "z"];
    private readonly Dictionary<string, string?> _seen = [];
    private long _process = number;
    private int _attempt;
    private Host? _leader;
    private RegisterCommand _operation = null!;
    private TimeSpan _deadline;

    /// <summary>How many of its writes were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>It begins nothing more.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Whether it is retired, and has nothing under way any more.</summary>
    public bool IsIdle { get; private set; }

    /// <summary>It begins again.</summary>
    public void Return()
    {
        IsRetired = false;
        Begin();
    }

    public void Start() => world.Queue.After(world.Chance.Milliseconds(0, 500), Begin);

    /// <summary>Somebody has become leader: some clients hear of it at once, while others still ask the one before.</summary>
    public void HearOf(Host leader) => _leader = world.Chance.Happens(0.4) ? leader : _leader;

    private void Begin()
    {
        IsIdle = IsRetired;
        if (IsRetired)
        {
            return;
        }

        if (world.Queue.Now < world.RestsUntil)
        {
            world.Queue.After(world.RestsUntil - world.Queue.Now + world.Chance.Milliseconds(0, 300), Begin);
            return;
        }

        var kind = world.Chance.Between(0, 9) switch { < 4 => OperationKind.Read, < 8 => OperationKind.Write, _ => OperationKind.CompareAndSwap };
        var key = world.Chance.OneOf(_keys);
        var id = ++world.Commands;
        var value = kind == OperationKind.Read ? null : id.ToString(CultureInfo.InvariantCulture);
        _operation = new RegisterCommand(id, kind, key, value, kind == OperationKind.CompareAndSwap ? _seen.GetValueOrDefault(key) : null);
        _deadline = world.Queue.Now + world.Chance.Milliseconds(500, 4000);
        world.Counts.Operations++;
        (_number, _sent) = (0, 0);
        Record(EventKind.Invoke, value);
        Attempt();
    }

    private void Attempt()
    {
        var attempt = ++_attempt;
        var operation = _operation; // What arrives late is this one, whatever the client has gone on to.
        var isRead = operation.Kind == OperationKind.Read;
        var isElsewhere = world.Chance.Happens(isRead ? 0.4 : 0.15);
        var host = isElsewhere ? (isRead ? world.Deposed : null) ?? world.Chance.OneOf(world.Hosts) : _leader ?? world.Chance.OneOf(world.Hosts);
        var request = operation.Kind != OperationKind.Read && _usesSessions ? NextRequest() : (SessionRequest?)null;
        world.Network.Carry(place, host.Place, mayDouble: request is not null && _sent != 1, () => Arrive(host, operation, request, attempt));
        world.Queue.After(world.Chance.Milliseconds(300, 1500), () => TimedOut(attempt));
    }

    private void Arrive(Host host, RegisterCommand operation, SessionRequest? request, int attempt)
    {
        if (host.Active is not { } active)
        {
            Return(host, attempt, new Reply(Outcome.Stopped, default, null));
            return;
        }

        if (operation.Kind == OperationKind.Read)
        {
            Read(host, active, operation, attempt);
            return;
        }

        if (request is { } inSession)
        {
            ArriveInSession(host, active, operation, inSession, attempt);
            return;
        }

        var caller = new SimulatedCaller(active, null, reply =>
        {
            if (reply.Outcome == Outcome.Done)
            {
                world.Judges.Acknowledged(active, operation);
            }

            Return(host, attempt, reply);
        });
        var command = new DatedProposal(world, caller, (node, now, stamp, at) => node.Propose(caller, operation.Encode(), at, now, stamp));
        if (!host.TryPost(command))
        {
            Return(host, attempt, new Reply(Outcome.Stopped, default, null));
        }
    }

    private void Read(Host host, Activation active, RegisterCommand operation, int attempt)
    {
        var query = Encoding.UTF8.GetBytes(operation.Key);
        if (world.Bug == PlantedBug.ReadWithoutRound && active.Node.State == RaftState.Leader)
        {
            Return(host, attempt, new Reply(Outcome.Done, active.Machine.Query(query).ToArray(), null));
            return;
        }

        var byLease = world.Settings.ReadsByLease && world.Chance.Happens(0.5);
        var caller = new SimulatedCaller(active, query, reply => Return(host, attempt, reply));
        var request = new NodeRequest((node, now) =>
        {
            world.Counts.ReadsByLease += byLease && node.HoldsLease ? 1 : 0;
            world.Counts.ReadsOnFollowers += node.State is RaftState.Follower or RaftState.Child && !node.Leader.IsNone ? 1 : 0;
            node.Read(caller, now, byLease);
        });
        if (!host.TryPost(request))
        {
            Return(host, attempt, new Reply(Outcome.Stopped, default, null));
        }
    }

    private void Return(Host host, int attempt, Reply reply) =>
        world.Network.Carry(host.Place, place, mayDouble: false, () => Replied(attempt, reply));

    private void Replied(int attempt, Reply reply)
    {
        if (attempt != _attempt)
        {
            return; // Given up meanwhile.
        }

        switch (reply.Outcome)
        {
            case Outcome.Done when _operation.Kind != OperationKind.Read && _usesSessions:
                RepliedInSession(SessionReply.Decode(reply.Result));
                break;
            case Outcome.Done:
                Succeed(reply.Result);
                break;
            case Outcome.Unknown when _usesSessions:
                Retry();
                break;
            case Outcome.Unknown:
                End(EventKind.Info);
                break;
            default:
                // Nothing was done: elsewhere, or later.
                _sent = _sent == 1 ? 0 : _sent;
                _leader = reply.Leader is { } leader ? world.HostOf(leader) : null;
                Retry();
                break;
        }
    }

    private void TimedOut(int attempt)
    {
        if (attempt != _attempt)
        {
            return;
        }

        _leader = null;
        if (_operation.Kind == OperationKind.Read || _usesSessions)
        {
            Retry();
        }
        else
        {
            End(EventKind.Info);
        }
    }

    private void Retry()
    {
        var attempt = ++_attempt;
        if (world.Queue.Now >= _deadline)
        {
            End(_sent > 0 ? EventKind.Info : EventKind.Fail);
            return;
        }

        world.Queue.After(world.Chance.Milliseconds(5, 150), () =>
        {
            if (attempt == _attempt)
            {
                Attempt();
            }
        });
    }

    private void Succeed(ReadOnlyMemory<byte> result)
    {
        if (_operation.Kind == OperationKind.Read)
        {
            _seen[_operation.Key] = RegisterMachine.Value(result);
            End(EventKind.Ok, _seen[_operation.Key]);
        }
        else if (RegisterMachine.IsDone(result))
        {
            _seen[_operation.Key] = _operation.Value;
            Acknowledged++;
            End(EventKind.Ok);
        }
        else
        {
            _seen.Remove(_operation.Key);
            End(EventKind.Fail);
        }
    }

    private void End(EventKind kind, string? read = null)
    {
        _attempt++;
        Record(kind, read ?? _operation.Value);
        world.Counts.OperationsDone += kind == EventKind.Ok ? 1 : 0;
        world.Counts.OperationsRefused += kind == EventKind.Fail ? 1 : 0;
        if (kind == EventKind.Info)
        {
            world.Counts.OperationsUnknown++;
            _process += World.MostClients;
        }

        world.Queue.After(world.Chance.Milliseconds(0, world.Settings.MostThinkingMilliseconds), Begin);
    }

    private void Record(EventKind kind, string? value)
    {
        var one = new HistoryEvent(world.History.Count + 1, _process, kind, _operation.Kind, _operation.Key, value, _operation.Expected);
        world.History.Add(one);
        world.Trace.Say($"client {_process} {HistoryWriter.Line(one)}");
    }
}
