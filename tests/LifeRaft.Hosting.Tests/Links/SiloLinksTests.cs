using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests.Links;

/// <summary>When the quiet nodes of a silo are told that another silo is lost, and when they are woken.</summary>
public sealed class SiloLinksTests : IDisposable
{
    private readonly LinkBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_silo_with_which_a_quiet_node_has_to_do_is_sent_a_beat_at_the_pace_of_the_group_until_the_node_wakes()
    {
        Assert.Empty(_bench.Beat().Sent);
        _bench.Know().Follow().Beat().Beat();
        Assert.Equal(["other", "other"], _bench.Sent.Select(sent => sent.Silo));
        Assert.All(_bench.Sent, sent => Assert.Equal(("silo-a", 0, LinkBench.Pace), (sent.Beat.From, sent.Beat.Ends, sent.Beat.Pace)));

        _bench.Node.Pump.Post(new NodeRequest(static (node, now) => node.Wake(now)));
        _bench.Node.Run();
        _bench.Sent.Clear();
        Assert.Empty(_bench.Beat(_bench.Say()).Beat(_bench.Say()).Sent);
    }

    [Fact]
    public void A_silo_that_is_heard_is_not_lost()
    {
        _bench.Know().Follow();
        for (var beat = 0; beat < 100; beat++)
        {
            _bench.Beat(_bench.Say());
        }

        Assert.True(_bench.IsQuiet);
        Assert.Equal(LinkBench.Pace, _bench.Links.SinceHeard(LinkBench.Other));
    }

    [Fact]
    public void A_follower_whose_leaders_silo_misses_its_beats_campaigns_when_it_would_have_without_heartbeats_since()
    {
        var started = _bench.Node.Time.GetTimestamp();
        _bench.Know().Follow().Beat(_bench.Say()).Beat(_bench.Say());
        var heardAt = _bench.Node.Time.GetElapsedTime(started) - LinkBench.Pace;
        _bench.Beat().Beat();
        Assert.True(_bench.IsQuiet);

        _bench.Beat();
        Assert.False(_bench.IsQuiet);
        var status = _bench.Node.Pump.Node.Status();
        Assert.Equal(heardAt + status.ElectionTimeout, status.ElectionDeadline);
    }

    [Fact]
    public void All_nodes_that_rely_on_a_silo_are_woken_and_told_that_it_is_lost()
    {
        var time = _bench.Node.Time;
        var link = new SiloLink(LinkBench.Other, time);
        List<PumpBench> nodes = [new(), new(), new()];
        nodes.ForEach(node => link.Add(node.Pump));

        link.Hear(_bench.Say());
        Assert.All(nodes, node => Assert.Equal(1, node.TurnsWaiting));
        nodes.ForEach(node => node.Run());

        link.Look(wasStalled: false, LinkBench.Pace);
        time.Advance((SiloLink.BeatsUntilLost + 1) * LinkBench.Pace);
        link.Look(wasStalled: false, LinkBench.Pace);
        Assert.All(nodes, node => Assert.Equal(1, node.TurnsWaiting));
        nodes.ForEach(node => node.Run());
    }

    [Fact]
    public void Of_thousands_of_nodes_some_are_told_at_each_beat_and_none_any_more_when_the_silo_is_heard_again()
    {
        var time = _bench.Node.Time;
        var link = new SiloLink(LinkBench.Other, time);
        List<PumpBench> nodes = [.. Enumerable.Range(0, (3 * SiloLink.ToldPerBeat) + 1).Select(_ => new PumpBench())];
        link.Hear(_bench.Say());
        nodes.ForEach(node => link.Add(node.Pump));
        link.Look(wasStalled: false, LinkBench.Pace);
        time.Advance((SiloLink.BeatsUntilLost + 1) * LinkBench.Pace);
        for (var beat = 1; beat <= 2; beat++)
        {
            link.Look(wasStalled: false, LinkBench.Pace);
            Assert.Equal(beat * SiloLink.ToldPerBeat, Posted());
        }

        nodes.ForEach(node => node.Run());
        link.Hear(_bench.Say());
        for (var beat = 0; beat < 5; beat++)
        {
            link.Look(wasStalled: false, LinkBench.Pace);
        }

        Assert.Equal(2 * SiloLink.ToldPerBeat, Posted()); // Woken are those that were told.

        int Posted() => nodes.Sum(node => node.TurnsWaiting);
    }

    [Fact]
    public void A_silo_that_beats_more_slowly_is_given_its_own_time()
    {
        _bench.Links.Hear(_bench.Say(pace: 3 * LinkBench.Pace));
        _bench.Follow();
        for (var beat = 0; beat < 10; beat++)
        {
            _bench.Beat();
        }

        Assert.True(_bench.IsQuiet);
        Assert.False(_bench.Beat().Beat().IsQuiet);
    }

    [Fact]
    public void A_process_that_stood_still_itself_counts_from_anew()
    {
        _bench.Know().Follow().Beat(_bench.Say()).Beat(_bench.Say());
        _bench.Beat(after: TimeSpan.FromSeconds(10)).Beat().Beat();
        Assert.True(_bench.IsQuiet);
        Assert.False(_bench.Beat().Beat().IsQuiet);
    }

    [Fact]
    public void Another_incarnation_is_news_and_so_are_more_ended_nodes()
    {
        Assert.False(Woken(_bench.Say()));
        Assert.True(Woken(_bench.Say(incarnation: Guid.NewGuid())));
        Assert.True(Woken(_bench.Say(ends: 1)));

        bool Woken(LinkBeat beat)
        {
            using var bench = new LinkBench();
            bench.Links.Hear(_bench.Say());
            return !bench.Follow().Beat(beat).IsQuiet;
        }
    }

    [Fact]
    public void Who_says_something_for_the_first_time_may_have_been_restarted_before() => Assert.False(_bench.Follow().Beat(_bench.Say()).IsQuiet);

    [Fact]
    public void What_was_overtaken_by_news_says_nothing()
    {
        _bench.Know(ends: 2).Follow();
        for (var beat = 0; beat < 4; beat++)
        {
            Assert.True(_bench.IsQuiet);
            _bench.Beat(_bench.Say(ends: 1));
        }

        Assert.False(_bench.Beat().IsQuiet);
    }

    [Fact]
    public void A_leader_that_keeps_its_majority_is_told_once_of_a_lost_silo_and_woken_when_that_is_heard_again()
    {
        _bench.Know().Lead();
        for (var beat = 0; beat < 5; beat++)
        {
            _bench.Beat();
        }

        Assert.True(_bench.IsQuiet);
        Assert.False(Assert.Single(_bench.Node.Pump.Node.Followers).IsReachable);
        var turns = _bench.Turns;
        _bench.Beat().Beat().Beat();
        Assert.Equal(turns, _bench.Turns);

        Assert.False(_bench.Beat(_bench.Say()).IsQuiet);
    }

    [Fact]
    public void A_node_that_becomes_quiet_under_a_lost_silo_is_told_as_well()
    {
        _bench.Know().Lead();
        for (var beat = 0; beat < 5; beat++)
        {
            _bench.Beat();
        }

        using var later = new LinkBench();
        later.Node.Time.Advance(_bench.Node.Time.GetUtcNow() - later.Node.Time.GetUtcNow());
        later.Follow();
        _bench.Links.Look(later.Node.Pump);
        _bench.Beat();
        later.Node.Run();
        Assert.False(later.IsQuiet);
    }

    [Fact]
    public void Nodes_that_end_are_counted_and_beaten_for_no_more()
    {
        _bench.Know().Follow().Beat(_bench.Say());
        using var another = new LinkBench();
        _bench.Links.Gone(another.Node.Pump);
        Assert.Equal(1, _bench.Beat(_bench.Say()).Sent[^1].Beat.Ends);

        _bench.Links.Gone(_bench.Node.Pump);
        _bench.Sent.Clear();
        Assert.Empty(_bench.Beat().Sent);
    }
}
