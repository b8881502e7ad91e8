using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests.Links;

/// <summary>The links of a silo with one node, whose clock and beats are in the hands of the test.</summary>
internal sealed class LinkBench : IBeatCarrier, IDisposable
{
    /// <summary>Where the peer of the node lives.</summary>
    public const string Other = "other";

    public static readonly TimeSpan Pace = GroupTimings.Default.Heartbeat;

    private readonly TestInstruments _details = new();
    private readonly Guid _otherIncarnation = Guid.NewGuid();
    private long _round;

    public LinkBench()
    {
        Node = new PumpBench(settings: new RaftSettings { GoesQuiet = true });
        Links = new SiloLinks(this, _details, Node.Time);
        Node.TurnEnds = () =>
        {
            Turns++;
            Links.Look(Node.Pump);
        };
    }

    public PumpBench Node { get; }

    public SiloLinks Links { get; }

    public bool IsQuiet => Node.Pump.Node.IsQuiet;

    public int Turns { get; private set; }

    public List<(string Silo, LinkBeat Beat)> Sent { get; } = [];

    public void Dispose() => _details.Dispose();

    /// <summary>A follower of a leader on the other silo, quiet.</summary>
    public LinkBench Follow()
    {
        var (me, leader, group) = Node.Follow();
        foreach (var isQuiet in new[] { false, true })
        {
            Node.Pump.Post(new MessageArrived("leader", new HeartbeatRequest
            {
                Group = group,
                From = leader.Id,
                To = me.Id,
                Term = new Term(1),
                Commit = LogIndex.First,
                Round = ++_round,
                IsQuiet = isQuiet,
            }));
            Node.CompleteAllWrites();
        }

        Assert.True(IsQuiet);
        return this;
    }

    /// <summary>A leader with a learner on the other silo, quiet.</summary>
    public LinkBench Lead()
    {
        Node.Found();
        var learner = Node.AddLearner();
        for (var beat = 0; beat < 100 && !IsQuiet; beat++)
        {
            Node.Time.Advance(Pace);
            Node.Pump.Wake();
            Node.CompleteAllWrites();
            AnswerAll(learner);
        }

        Assert.True(IsQuiet);
        return this;
    }

    /// <summary>The time of one beat passes, and the other silo is heard before or not.</summary>
    public LinkBench Beat(LinkBeat? heard = null, TimeSpan? after = null)
    {
        if (heard is not null)
        {
            Links.Hear(heard);
        }

        Node.Time.Advance(after ?? Pace);
        Node.Run();
        return this;
    }

    /// <summary>A beat of the other silo.</summary>
    public LinkBeat Say(long ends = 0, Guid? incarnation = null, TimeSpan? pace = null) => new(Other, incarnation ?? _otherIncarnation, ends, pace ?? Pace);

    /// <summary>The other silo is known from here on, so that nothing that it says later is news by itself.</summary>
    public LinkBench Know(long ends = 0)
    {
        Links.Hear(Say(ends));
        return this;
    }

    void IBeatCarrier.Send(string silo, LinkBeat beat) => Sent.Add((silo, beat));

    private void AnswerAll(Member learner)
    {
        var last = Node.Pump.Node.Status().Last;
        foreach (var request in Node.Sent.Select(sent => sent.Message).OfType<HeartbeatRequest>().ToList())
        {
            Node.Pump.Post(new MessageArrived(learner.Endpoint, new HeartbeatResponse
            {
                Group = request.Group,
                From = learner.Id,
                To = request.From,
                Term = request.Term,
                Round = request.Round,
                Verified = last,
                Match = last,
                IsQuiet = request.IsQuiet,
            }));
        }

        Node.Sent.Clear();
        Node.CompleteAllWrites();
    }
}
