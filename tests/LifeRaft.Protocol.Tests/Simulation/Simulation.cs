using System.Globalization;
using LifeRaft.Protocol.Tests.Harness;

namespace LifeRaft.Protocol.Tests.Simulation;

/// <summary>
/// A group in a bad world, replayed by its seed: messages are lost, doubled, late and out of order, links are cut, disks are slow,
/// nodes crash and lose what was not durable, members come and go. Clients write, read and are told lies by nobody: what they saw
/// is judged by <see cref="Judges"/>, which know nothing of the protocol but its outputs.
/// </summary>
internal sealed class Simulation
{
    private static readonly RaftSettings Settings = new() { MaximumBytesPerAppend = 200, MaximumAppendsInFlight = 4, CachedBytes = 600, MaximumBytesPerApply = 300, CaughtUpWithinEntries = 20 };

    private readonly Random _random;
    private readonly TestClock _clock = new();
    private readonly Judges _judges = new();
    private readonly List<TestNode> _nodes = [];
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly HashSet<(string From, string To)> _cut = [];
    private readonly Dictionary<TestNode, TimeSpan> _pausedUntil = [];
    private readonly HashSet<object> _underWay = new(ReferenceEqualityComparer.Instance);
    private long _order;
    private int _turns;
    private int _callers;
    private int _admitted;
    private double _loss;
    private bool _isBad = true;

    public Simulation(int seed)
    {
        _random = new Random(seed);
        var founders = "ABCDE"[.._random.Next(3, 6)];
        foreach (var name in founders.Select(letter => letter.ToString()))
        {
            Start(name, Given.Disk(name, 1, [1], founders));
        }

        _loss = _random.Next(4) * 0.1;
    }

    public Figures Figures { get; } = new();

    /// <summary>Some seconds of trouble, then the world gets better and everybody must agree.</summary>
    public void Run(TimeSpan trouble)
    {
        var end = _clock.Now + trouble;
        At(TimeSpan.Zero, Disturb);
        At(TimeSpan.Zero, Work);
        RunUntil(end);
        Heal();
        RunUntil(end + TimeSpan.FromSeconds(8));
        CheckConvergence();
        Figures.Truncations += _nodes.Sum(node => node.Disk.Truncations);
        _judges.CheckHistory(Figures);
    }

    private void RunUntil(TimeSpan end)
    {
        while (true)
        {
            var deadline = _nodes.Where(node => node.IsUp).Select(Deadline).DefaultIfEmpty(TimeSpan.MaxValue).Min();
            var next = _events.TryPeek(out _, out var first) && first.At <= deadline ? first.At : deadline;
            if (next > end)
            {
                _clock.Now = end;
                return;
            }

            _turns = next > _clock.Now ? 0 : _turns + 1;
            Judges.Require(_turns < 10_000, "time goes on");
            _clock.Now = next > _clock.Now ? next : _clock.Now;
            if (next == deadline && (first == default || first.At > deadline))
            {
                foreach (var node in _nodes.Where(node => node.IsUp && Deadline(node) <= _clock.Now).ToList())
                {
                    node.Tick();
                    After(node);
                }
            }
            else
            {
                _events.Dequeue()();
            }
        }
    }

    private TimeSpan Deadline(TestNode node)
    {
        var deadline = node.Raft.NextDeadline;
        return _pausedUntil.TryGetValue(node, out var until) && until > deadline ? until : deadline;
    }

    /// <summary>What a node has just said goes on its way; what it has just done is judged.</summary>
    private void After(TestNode node)
    {
        _judges.Look(node, Figures);
        foreach (var message in node.Outbox)
        {
            var copies = _random.NextDouble() < (_isBad ? _loss : 0) ? 0 : _isBad && _random.NextDouble() < 0.1 ? 2 : 1;
            Figures.Lost += copies == 0 ? 1 : 0;
            for (var i = 0; i < copies; i++)
            {
                At(Delay(), () => Deliver(node.Name, message));
            }
        }

        node.Outbox.Clear();
        if (node.Disk.Writing is { } batch && _underWay.Add(batch))
        {
            At(TimeSpan.FromMilliseconds(_random.Next(_isBad ? 30 : 3)), () => CompleteWrite(node, batch));
        }

        if (node.Reading.Count > 0 && _underWay.Add(node.Reading))
        {
            At(TimeSpan.FromMilliseconds(_random.Next(20)), () => CompleteReads(node));
        }

        if (node.Raft.AppliedIndex.Value < node.Applied.Count && _underWay.Add(node.Raft))
        {
            var incarnation = node.Raft;
            At(TimeSpan.FromMilliseconds(_random.Next(5)), () => CompleteApply(node, incarnation));
        }
    }

    private TimeSpan Delay() => TimeSpan.FromMilliseconds(!_isBad ? 1 + _random.NextDouble() : _random.NextDouble() < 0.05 ? _random.Next(500) : _random.Next(1, 25));

    private void Deliver(string from, RaftMessage message)
    {
        var node = _nodes.Find(node => node.Id == message.To);
        if (node is not null && _pausedUntil.TryGetValue(node, out var until) && until > _clock.Now)
        {
            At(until - _clock.Now, () => Deliver(from, message));
        }
        else if (node is { IsUp: true } && !_cut.Contains((from, node.Name)))
        {
            node.Receive(message);
            After(node);
        }
    }

    private void CompleteWrite(TestNode node, PersistBatch batch)
    {
        if (node.IsUp && node.Disk.Writing == batch)
        {
            node.CompleteWrite();
            After(node);
        }
    }

    private void CompleteReads(TestNode node)
    {
        _underWay.Remove(node.Reading);
        if (node.IsUp && node.Reading.Count > 0)
        {
            node.CompleteReads();
            After(node);
        }
    }

    private void CompleteApply(TestNode node, RaftNode incarnation)
    {
        _underWay.Remove(incarnation);
        if (node.IsUp && node.Raft == incarnation && node.Raft.AppliedIndex.Value < node.Applied.Count)
        {
            node.CompleteApply();
            After(node);
        }
    }

    private void Work()
    {
        if (Up() is { } node)
        {
            // Mostly ask one who leads or believes so.
            node = _nodes.Find(other => other.IsLeader && _random.Next(4) > 0) ?? node;
            var caller = string.Create(CultureInfo.InvariantCulture, $"c{++_callers}");
            if (_random.Next(3) == 0)
            {
                _judges.ReadBegins(caller);
                node.Read(caller);
            }
            else
            {
                _judges.WriteBegins(caller);
                node.Propose(caller, bytes: _random.Next(60));
            }

            After(node);
        }

        if (_isBad)
        {
            At(TimeSpan.FromMilliseconds(_random.Next(1, 40)), Work);
        }
    }

    private void Disturb()
    {
        if (!_isBad)
        {
            return;
        }

        At(TimeSpan.FromMilliseconds(_random.Next(50, 600)), Disturb);
        var (node, other) = (Up(), Up());
        if (node is null || other is null)
        {
            return;
        }

        switch (_random.Next(11))
        {
            case 10:
                // The process stands still: no timer fires, and what arrives waits. Its disk goes on.
                Figures.Pauses++;
                _pausedUntil[node] = _clock.Now + TimeSpan.FromMilliseconds(_random.Next(100, 1_500));
                break;
            case 0 or 1:
                Crash(node);
                break;
            case 2:
                _cut.Add((node.Name, other.Name));
                break;
            case 3:
                _nodes.ForEach(third => _cut.UnionWith([(node.Name, third.Name), (third.Name, node.Name)]));
                break;
            case 4 or 5:
                _cut.Clear();
                break;
            case 6:
                OnLeader(leader => leader.Transfer(_random.Next(2) == 0 ? null : other.Name, "transfer" + NextCaller()));
                break;
            case 7:
                node.Campaign(NextCaller());
                After(node);
                break;
            case 8:
                Admit();
                break;
            default:
                OnLeader(leader =>
                {
                    if (leader.Raft.Configuration.Voters.Length > 3)
                    {
                        leader.Remove(other.Name, NextCaller(), handOver: _random.Next(2) == 0);
                    }
                });
                break;
        }
    }

    private void Crash(TestNode node)
    {
        Figures.Crashes++;
        if (node.Disk.Writing is not null && _random.Next(2) == 0)
        {
            node.Disk.Complete(); // It reached the disk, and nobody heard of it.
        }

        node.Crash();
        _judges.Forget(node);
        At(TimeSpan.FromMilliseconds(_random.Next(10, 1_500)), () => Restart(node));
    }

    private void Restart(TestNode node)
    {
        if (!node.IsUp)
        {
            node.Restart();
            After(node);
        }
    }

    private void Admit() => OnLeader(leader =>
    {
        if (leader.Raft.Configuration.Everyone.Count() >= 7)
        {
            return;
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"N{++_admitted}");
        var node = Start(name, new TestDisk());
        node.Do(raft => raft.TryAdmit(new NodeIdentity(Given.Group, node.Id), _clock.Now));
        After(node);
        leader.Add(Given.Member(name), NextCaller(), isVoter: _random.Next(4) > 0);
    });

    private void OnLeader(Action<TestNode> action)
    {
        if (_nodes.Find(node => node.IsLeader) is { } leader)
        {
            action(leader);
            After(leader);
        }
    }

    private void Heal()
    {
        (_isBad, _loss) = (false, 0);
        _cut.Clear();
        _pausedUntil.Clear();
        foreach (var node in _nodes.Where(node => !node.IsUp).ToList())
        {
            Restart(node);
        }

        At(TimeSpan.FromSeconds(5), () => OnLeader(leader =>
        {
            _judges.WriteBegins("last");
            leader.Propose("last");
            _judges.ReadBegins("last read");
            leader.Read("last read");
        }));
    }

    private void CheckConvergence()
    {
        var leader = _nodes.Where(node => node.IsLeader).MaxBy(node => node.Term);
        Judges.Require(leader is not null, "after everything was healed, somebody leads");
        Judges.Require(leader!.HasApplied("last"), "after everything was healed, a write succeeds");
        Judges.Require(leader.OutcomeOf("last read") == Outcome.Done, "after everything was healed, a read succeeds");
        foreach (var member in leader.Raft.Configuration.Everyone)
        {
            var node = _nodes.Find(node => node.Id == member.Id)!;
            Judges.Require(node.Commit == leader.Commit && node.Raft.AppliedIndex.Value == leader.Commit, $"{node.Name} is at {node.Commit}, its leader {leader.Name} at {leader.Commit}");
            Judges.Require(node.Disk.Log.Select(entry => entry.Term).SequenceEqual(leader.Disk.Log.Select(entry => entry.Term)), $"{node.Name} and its leader {leader.Name} hold the same log");
        }

        Judges.CheckLogMatching(_nodes);
    }

    private TestNode Start(string name, TestDisk disk)
    {
        var node = new TestNode(name, _clock, disk, Settings, _random.Next()) { WritesByHand = true, ReadsByHand = true, AppliesByHand = true };
        _nodes.Add(node);
        return node;
    }

    private TestNode? Up()
    {
        var up = _nodes.FindAll(node => node.IsUp && node.End is null);
        return up.Count == 0 ? null : up[_random.Next(up.Count)];
    }

    private string NextCaller() => string.Create(CultureInfo.InvariantCulture, $"admin{++_callers}");

    private void At(TimeSpan delay, Action action) => _events.Enqueue(action, (_clock.Now + delay, ++_order));
}
