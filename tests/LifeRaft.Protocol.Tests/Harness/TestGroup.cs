using Xunit;

namespace LifeRaft.Protocol.Tests.Harness;

/// <summary>
/// Several nodes, one clock, and a network in which nothing moves until the test says so. A message takes no time; what is cut off
/// is lost when it would arrive.
/// </summary>
internal sealed class TestGroup
{
    private readonly Dictionary<string, TestNode> _nodes = [];
    private readonly HashSet<(string From, string To)> _cut = [];

    /// <summary>Everybody in <paramref name="voters"/> starts in term 1 with a log of one entry, the configuration.</summary>
    public TestGroup(string voters, RaftSettings? settings = null)
    {
        foreach (var name in voters.Select(letter => letter.ToString()))
        {
            Start(name, Given.Disk(name, 1, [1], voters), settings);
        }
    }

    /// <summary>Nodes with the logs that are given.</summary>
    public TestGroup(params (string Name, TestDisk Disk)[] nodes)
    {
        foreach (var (name, disk) in nodes)
        {
            Start(name, disk);
        }
    }

    public TestClock Clock { get; } = new();

    public List<RaftMessage> InFlight { get; } = [];

    /// <summary>Messages that were held back by <see cref="Hold"/>.</summary>
    public List<RaftMessage> Held { get; } = [];

    /// <summary>While set, messages for which it is true are held back instead of delivered.</summary>
    public Predicate<RaftMessage>? Hold { get; set; }

    public int Delivered { get; private set; }

    public IEnumerable<TestNode> Nodes => _nodes.Values;

    public TestNode Leader => Nodes.Where(node => node.IsLeader).MaxBy(node => node.Term) ?? throw new InvalidOperationException("Nobody leads.");

    public TestNode this[string name] => _nodes[name];

    public TestNode Start(string name, TestDisk disk, RaftSettings? settings = null) => _nodes[name] = new TestNode(name, Clock, disk, settings);

    /// <summary>A node without a disk that was told under which id it is admitted.</summary>
    public TestNode StartBlank(string name)
    {
        var node = Start(name, new TestDisk());
        node.Do(raft => Assert.True(raft.TryAdmit(new NodeIdentity(Given.Group, node.Id), Clock.Now)));
        return node;
    }

    /// <summary>Lets the node campaign when nobody has heard a leader for so long that it need not wait for anybody's lease.</summary>
    public TestNode Elect(string name)
    {
        Clock.Now += GroupTimings.Default.ElectionMin;
        _nodes[name].Campaign();
        Settle();
        Assert.Equal(RaftState.Leader, _nodes[name].State);
        return _nodes[name];
    }

    /// <summary>Delivers, in order, until nobody has anything to say.</summary>
    public void Settle()
    {
        for (Collect(); InFlight.Count > 0; Collect())
        {
            Assert.True(++Delivered < 1_000_000, "The group never comes to rest.");
            var message = InFlight[0];
            InFlight.RemoveAt(0);
            if (Hold?.Invoke(message) == true)
            {
                Held.Add(message);
            }
            else
            {
                Deliver(message);
            }
        }
    }

    /// <summary>Takes from the nodes what they have said.</summary>
    public void Collect()
    {
        foreach (var node in Nodes)
        {
            InFlight.AddRange(node.Outbox);
            node.Outbox.Clear();
        }
    }

    public void Deliver(RaftMessage message)
    {
        var (from, to) = (NodeOf(message.From), NodeOf(message.To));
        if (to is { IsUp: true } && (from is null || !_cut.Contains((from.Name, to.Name))))
        {
            to.Receive(message);
        }
    }

    public void DeliverHeld()
    {
        var held = Held.ToArray();
        (Hold, _) = (null, Held.RemoveAll(_ => true));
        foreach (var message in held)
        {
            Deliver(message);
        }

        Settle();
    }

    /// <summary>Lets time pass, from deadline to deadline.</summary>
    public void RunFor(double milliseconds)
    {
        var end = Clock.Now + TimeSpan.FromMilliseconds(milliseconds);
        var turns = 0;
        Settle();
        while (Nodes.Where(node => node.IsUp).Select(node => node.Raft.NextDeadline).DefaultIfEmpty(TimeSpan.MaxValue).Min() is var next && next <= end)
        {
            turns = next > Clock.Now ? 0 : turns + 1;
            Assert.True(turns < 1_000, "A deadline stays in the past, however often its node is ticked.");
            Clock.Now = next > Clock.Now ? next : Clock.Now;
            foreach (var node in Nodes.Where(node => node.IsUp && node.Raft.NextDeadline <= Clock.Now))
            {
                node.Tick();
            }

            Settle();
        }

        Clock.Now = end;
    }

    public void CutOneWay(string from, string to) => _cut.Add((from, to));

    public void Cut(string one, string other)
    {
        CutOneWay(one, other);
        CutOneWay(other, one);
    }

    public void Isolate(string name)
    {
        foreach (var other in _nodes.Keys.Where(other => other != name))
        {
            Cut(name, other);
        }
    }

    public void Heal() => _cut.Clear();

    /// <summary>Forgets what is on its way.</summary>
    public void DropAll()
    {
        Collect();
        InFlight.Clear();
    }

    private TestNode? NodeOf(MemberId id) => Nodes.FirstOrDefault(node => node.Id == id);
}
