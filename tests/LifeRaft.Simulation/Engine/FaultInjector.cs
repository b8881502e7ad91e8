using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>Breaks things, and mends each after a while.</summary>
internal sealed class FaultInjector
{
    private readonly World _world;
    private readonly MembershipOperator _membership;
    private readonly (string Name, Action Happens)[] _faults;
    private bool _isOver;
    private TimeSpan _youngLeadersFailUntil;

    /// <summary>The chance of the present fault.</summary>
    private Chance _chance;

    public FaultInjector(World world, MembershipOperator membership)
    {
        _world = world;
        _membership = membership;
        _chance = world.Chance;
        _faults =
        [
            .. Often(3, "links are cut", CutLinks),
            .. Often(2, "the leader is cut off", IsolateLeader),
            .. Often(1, "the leader hands over and is cut off", HandOverAndIsolate),
            .. Often(2, "a host crashes", Crash),
            .. Often(2, "a host crashes within a turn", CrashWithinTurn),
            .. Often(2, "a host crashes after a promise", CrashAfterPromise),
            .. Often(1, "all hosts crash", CrashAll),
            .. Often(1, "young leaders crash", FailYoungLeaders),
            .. Often(2, "a host stands still", StandStill),
            .. Often(1, "a clock changes", ChangeClock),
            .. Often(2, "a disk is slow", SlowDisk),
            .. Often(1, "a sync fails", FailSync),
            .. Often(1, "a disk is full", FillDisk),
            .. Often(3, "links are bad", SpoilLinks),
            .. Often(1, "a node is activated twice", TakeOver),
            .. Often(1, "a disk is lost", LoseDisk),
            .. Often(3, "clients rest", Rest),
        ];
    }

    public void Start() => Next();

    /// <summary>A node has become leader. For a while each may reach one other only, and then die: so entries come to lie on few nodes.</summary>
    public void Elected(Host leader)
    {
        if (_isOver || _world.Queue.Now >= _youngLeadersFailUntil)
        {
            return;
        }

        if (_world.Chance.Happens(0.6))
        {
            var reached = _world.Chance.Happens(0.5) ? _world.Chance.OneOf(_world.Hosts) : null;
            foreach (var other in _world.Hosts.Where(host => host != leader && host != reached))
            {
                _world.Network.Cut(leader.Place, other.Place, isCut: true);
            }

            MendLinksLater();
        }

        _world.Counts.YoungLeadersFailed++;
        if (_world.Chance.Happens(0.5))
        {
            leader.Active?.DieAfter(_world.Chance.Between(4, 40));
        }

        _world.Queue.After(_world.Chance.Milliseconds(0, 100), leader.Crash);
    }

    /// <summary>Mends everything, for good.</summary>
    public void Heal()
    {
        _isOver = true;
        _world.RestsUntil = default;
        _world.Network.MendAll();
        _world.Network.Quality = LinkQuality.Good;
        foreach (var host in _world.Hosts)
        {
            host.Continue();
            host.Clock.Run(1000);
            host.Active?.Live();
            host.Disk.FailsNextSync = false;
            host.Disk.IsFull = false;
            SetDisk(host, 0.1, 2);
        }
    }

    private static IEnumerable<(string Name, Action Happens)> Often(int times, string name, Action happens) => Enumerable.Repeat((name, happens), times);

    private void Next()
    {
        var (name, chance) = _world.Schedule.Next('f');
        _world.Queue.After(chance.Milliseconds(20, _world.Settings.MostMillisecondsBetweenFaults) * Patience(), () =>
        {
            if (_isOver)
            {
                return;
            }

            _chance = chance;
            var (what, happens) = chance.OneOf(_faults);
            if (_world.Schedule.Takes(name, what))
            {
                _world.Trace.Say($"{name}: {what}");
                happens();
            }

            Next();
        });
    }

    /// <summary>Where clients get too little done, faults come less and less often, until they have.</summary>
    private double Patience()
    {
        var excess = (_world.Queue.Now - _world.Settings.Faults) / _world.Settings.Faults;
        return excess <= 0 ? 1 : 1 + (4 * excess);
    }

    private Host AnyHost() => _world.Leader is { } leader && _chance.Happens(0.4) ? leader.Host : _chance.OneOf(_world.Hosts);

    /// <summary>Some links fail in one direction or both.</summary>
    private void CutLinks()
    {
        _world.Counts.Partitions++;
        var isSymmetric = _chance.Happens(0.4);
        var share = _chance.OneOf([0.1, 0.3, 0.6]);
        var places = _world.Settings.Hosts + _world.Settings.Clients;
        for (var from = 0; from < places; from++)
        {
            for (var to = 0; to < places; to++)
            {
                if (from != to && _chance.Happens(share))
                {
                    CutFor(from, to, isSymmetric);
                }
            }
        }

        _world.Trace.Say("links are cut");
        MendLinksLater();
    }

    private void CutFor(int from, int to, bool isSymmetric)
    {
        _world.Network.Cut(from, to, isCut: true);
        if (isSymmetric)
        {
            _world.Network.Cut(to, from, isCut: true);
        }
    }

    /// <summary>The leader does not hear the others, or is not heard, or both; clients still reach it.</summary>
    private void IsolateLeader()
    {
        if (_world.Leader is not { } leader)
        {
            return;
        }

        _world.Counts.Partitions++;
        var (hears, speaks) = _chance.Between(0, 2) switch { 0 => (true, false), 1 => (false, true), _ => (false, false) };
        foreach (var other in _world.Hosts.Where(host => host != leader.Host))
        {
            _world.Network.Cut(other.Place, leader.Host.Place, !hears);
            _world.Network.Cut(leader.Host.Place, other.Place, !speaks);
        }

        if (_world.Chance.Happens(0.5))
        {
            // So that it believes for long that it leads, and the others do not wait for it.
            leader.Host.Clock.Run(RunSettings.Clocks.Slowest);
            foreach (var other in _world.Hosts.Where(host => host != leader.Host))
            {
                other.Clock.Run(RunSettings.Clocks.Fastest);
            }
        }

        _world.Trace.Say($"{leader.Host} is cut off: hears {hears}, speaks {speaks}");
        MendLinksLater();
    }

    /// <summary>The leader hands over, and soon nobody hears it any more, nor it them: it may not learn who leads now.</summary>
    private void HandOverAndIsolate()
    {
        if (_world.Leader is not { } leader)
        {
            return;
        }

        var caller = new SimulatedCaller(leader, null, static _ => { });
        leader.Host.TryPost(new NodeRequest((node, now) => node.TransferLeadership(MemberId.None, caller, now)));
        _world.Queue.After(_chance.Milliseconds(0, 8), () =>
        {
            if (!_isOver && _world.Leader == leader)
            {
                IsolateLeader();
            }
        });
    }

    private void MendLinksLater() => _world.Queue.After(_chance.Milliseconds(50, 4000), () =>
    {
        _world.Network.MendAll();
        _world.Trace.Say("links are mended");
    });

    private void Crash() => AnyHost().Crash();

    private void CrashWithinTurn() => AnyHost().Active?.DieAfter(_chance.Between(1, 60));

    private void CrashAfterPromise() => AnyHost().Active?.DieAfterPromise();

    private void FailYoungLeaders()
    {
        _youngLeadersFailUntil = _world.Queue.Now + _chance.Milliseconds(1000, 5000);
        _world.Leader?.Host.Crash();
    }

    private void CrashAll()
    {
        foreach (var host in _world.Hosts)
        {
            host.Crash();
        }
    }

    private void StandStill()
    {
        var host = AnyHost();
        host.Pause();
        _world.Queue.After(_chance.Milliseconds(10, 2500), host.Continue);
    }

    private void ChangeClock()
    {
        var host = AnyHost();
        _world.Counts.ClockChanges++;
        host.Clock.Run(_chance.Between(RunSettings.Clocks.Slowest, RunSettings.Clocks.Fastest));
        host.Clock.WallClockError = _chance.Between(TimeSpan.FromHours(-1), TimeSpan.FromHours(1));
        _world.Trace.Say($"{host} clock runs at {host.Clock.RatePerMille} per mille");
        _world.Queue.After(_chance.Milliseconds(1000, 10_000), () => host.Clock.Run(1000));
    }

    private void SlowDisk()
    {
        var host = AnyHost();
        SetDisk(host, 5, _chance.Between(10, 400));
        _world.Trace.Say($"{host} disk is slow");
        _world.Queue.After(_chance.Milliseconds(500, 5000), () => SetDisk(host, 0.1, 2));
    }

    private static void SetDisk(Host host, double least, double most)
    {
        host.Disk.SyncLeast = TimeSpan.FromMilliseconds(least);
        host.Disk.SyncMost = TimeSpan.FromMilliseconds(most);
    }

    /// <summary>Until there is space again nothing can be written, whoever restarts the host.</summary>
    private void FillDisk()
    {
        var host = AnyHost();
        host.Disk.IsFull = true;
        _world.Counts.FullDisks++;
        _world.Trace.Say($"{host} disk is full");
        _world.Queue.After(_chance.Milliseconds(200, 3000), () => host.Disk.IsFull = false);
    }

    private void FailSync() => AnyHost().Disk.FailsNextSync = true;

    private void SpoilLinks()
    {
        var least = TimeSpan.FromMilliseconds(0.2);
        var most = _chance.Milliseconds(1, 30);
        _world.Network.Quality = new LinkQuality(
            _chance.OneOf([0, 0.02, 0.1, 0.3]), _chance.OneOf([0, 0.05, 0.3]), _chance.OneOf([0, 0.02, 0.1]),
            least, most, most * _chance.OneOf([5, 100]));
        _world.Trace.Say($"links: {_world.Network.Quality.Loss} lost, {_world.Network.Quality.Duplication} doubled, {_world.Network.Quality.Late} late");
        _world.Queue.After(_chance.Milliseconds(500, 5000), () => _world.Network.Quality = LinkQuality.Good);
    }

    /// <summary>The group goes quiet, should it do so at all, and whatever else happens meanwhile happens to a quiet one.</summary>
    private void Rest()
    {
        _world.Counts.Rests++;
        _world.RestsUntil = _world.Queue.Now + _chance.Milliseconds(500, 6000);
    }

    private void TakeOver() => AnyHost().TakeOver();

    /// <summary>
    /// A disk is lost for good, which Raft survives as long as the member counts as dead: one at a time, and never while the
    /// membership changes.
    /// </summary>
    private void LoseDisk()
    {
        if (_world.Leader is not { } leader || _membership.IsBusy || leader.Node.Configuration is not { IsJoint: false } configuration)
        {
            return;
        }

        var host = AnyHost();
        var isSafe = configuration.Voters.Length >= 3
            && !configuration.Everyone.Any(member => _world.LostMembers.Contains(member.Id))
            && !configuration.Learners.Any(learner => learner.BecomesVoter)
            && _world.Hosts.All(other => AgreesOn(other, configuration));
        if (isSafe && host.Disk.Identity is { IsBlank: false } identity)
        {
            _world.LostMembers.Add(identity.Member);
            _world.Counts.LostDisks++;
            _world.Trace.Say($"{host} loses its disk");
            host.Crash();
            host.Disk.Lose();
        }
    }

    private static bool AgreesOn(Host host, GroupConfiguration configuration) =>
        host.Active is { } active && (active.Node.Configuration.Equals(GroupConfiguration.None)
            || active.Node.Configuration.Voters.Select(voter => voter.Id).SequenceEqual(configuration.Voters.Select(voter => voter.Id)));
}
