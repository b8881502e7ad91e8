using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>Founds the group, and then admits, removes, readmits and hands leadership over while everything else goes wrong.</summary>
internal sealed class MembershipOperator(World world)
{
    private const int FewestVoters = 2;
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(6);
    private readonly GroupId _group = new(world.Chance.NewId());
    private long _procedures;
    private TimeSpan _deadline;
    private Host? _comesBack;
    private string _name = "";

    /// <summary>The chance of the present change.</summary>
    private Chance _chance = world.Chance;

    /// <summary>No new procedure begins; a member without a disk is still removed, for only that lets the group heal.</summary>
    public bool IsRetired { get; set; }

    /// <summary>Whether something has been asked for and is not over yet.</summary>
    public bool IsBusy { get; private set; }

    public void Start()
    {
        var first = world.Hosts[0];
        var founder = new Member(new MemberId(world.Chance.NewId()), AddressOf(first), first.Endpoint);
        world.FormerMembers.Add(first.Endpoint, [founder.Id]);
        first.TryPost(new NodeRequest((node, now) => node.TryFound(_group, founder, world.Settings.Timings, now)));
        Next();
    }

    private void Next()
    {
        IsBusy = false;
        _comesBack = null;
        (_name, _chance) = world.Schedule.Next('m');
        world.Queue.After(_chance.Milliseconds(50, 1500), Choose);
    }

    private void Choose()
    {
        if (world.Leader is not { } leader)
        {
            Next();
            return;
        }

        var configuration = leader.Node.Configuration;
        if (configuration.Everyone.FirstOrDefault(IsDeadForGood) is { } lost)
        {
            Remove(lost.Id);
        }
        else if (IsRetired || !world.Schedule.Takes(_name, "the membership or the leader is changed"))
        {
            Next();
        }
        else if (configuration.Voters.Length < world.Settings.FoundingVoters && world.Queue.Now < world.Settings.Faults / 4)
        {
            Admit(configuration);
        }
        else
        {
            ChooseAny(configuration);
        }
    }

    private void ChooseAny(GroupConfiguration configuration)
    {
        var members = configuration.Everyone.ToList();
        switch (_chance.Between(0, 9))
        {
            case < 3:
                Admit(configuration);
                break;
            case < 6 when configuration.Voters.Length > FewestVoters:
                RemoveAny(members);
                break;
            case < 8:
                Transfer(_chance.Happens(0.3) ? MemberId.None : _chance.OneOf(members).Id);
                break;
            default:
                Campaign();
                break;
        }
    }

    private void Admit(GroupConfiguration configuration)
    {
        var candidates = world.Hosts.Where(host => host.IsAdmissible && configuration.Find(AddressOf(host)) is null).ToList();
        if (candidates.Count == 0)
        {
            Next();
            return;
        }

        Admit(_chance.OneOf(candidates));
    }

    private void Admit(Host host)
    {
        var member = new Member(new MemberId(_chance.NewId()), AddressOf(host), host.Endpoint);
        var isVoter = _chance.Happens(0.9);
        var replaced = isVoter && _chance.Happens(0.3) && world.Leader is { } present ? _chance.OneOf([.. present.Node.Configuration.Everyone]).Id : MemberId.None;
        var admitted = false;
        host.OpenBlank().Pump.Post(new NodeRequest((node, now) => admitted = node.TryAdmit(new NodeIdentity(_group, member.Id), now)));
        world.Queue.After(_chance.Milliseconds(5, 50), () =>
        {
            // As in production: the leader hears of the member only when its identity is durable.
            if (!admitted || host.Disk.Identity.Member != member.Id)
            {
                Next();
                return;
            }

            if (!world.FormerMembers.TryAdd(host.Endpoint, [member.Id]))
            {
                world.FormerMembers[host.Endpoint].Add(member.Id);
                world.Counts.Readmissions++;
            }

            world.Trace.Say($"operator adds {member}{(replaced.IsNone ? "" : $" for {replaced}")}");
            world.Counts.Replacements += replaced.IsNone ? 0 : 1;
            Begin((node, caller, now) =>
            {
                if (replaced.IsNone)
                {
                    node.AddMember(member, isVoter, caller, now);
                }
                else
                {
                    node.ReplaceMember(replaced, member, caller, now);
                }
            });
        });
    }

    /// <summary>Removes a member, and perhaps wants its node back as soon as it is blank: what it said before may still be on its way.</summary>
    private void RemoveAny(List<Member> members)
    {
        var member = _chance.OneOf(members);
        _comesBack = _chance.Happens(0.5) ? world.HostOf(member.Endpoint) : null;
        Remove(member.Id);
    }

    private void ReadmitWhenBlank(Host host, TimeSpan deadline)
    {
        if (host.IsAdmissible)
        {
            Admit(host);
        }
        else if (world.Queue.Now > deadline)
        {
            Next();
        }
        else
        {
            world.Queue.After(_chance.Milliseconds(1, 20), () => ReadmitWhenBlank(host, deadline));
        }
    }

    private void Remove(MemberId member)
    {
        var handOver = _chance.Happens(0.7);
        world.Trace.Say($"operator removes {member}");
        Begin((node, caller, now) => node.RemoveMember(member, caller, now, handOver));
    }

    private void Transfer(MemberId target)
    {
        world.Trace.Say($"operator transfers to {target}");
        Begin((node, caller, now) => node.TransferLeadership(target, caller, now), isTransfer: true);
    }

    /// <summary>Lets nodes campaign at almost the same time, so that their terms meet.</summary>
    private void Campaign()
    {
        var rivals = _chance.Between(1, 3);
        for (var i = 0; i < rivals; i++)
        {
            var host = _chance.OneOf(world.Hosts);
            world.Queue.After(_chance.Milliseconds(0, 5), () => Campaign(host));
        }

        Next();
    }

    private void Campaign(Host host)
    {
        if (host.Active is { } active)
        {
            world.Trace.Say($"operator lets {host} campaign");
            var caller = new SimulatedCaller(active, null, static _ => { });
            host.TryPost(new NodeRequest((node, now) => node.Campaign(caller, now)));
        }
    }

    private void Begin(Action<RaftNode, PumpCaller, TimeSpan> request, bool isTransfer = false)
    {
        IsBusy = true;
        _deadline = world.Queue.Now + _patience;
        Ask(++_procedures, request, isTransfer);
    }

    /// <summary>Asks whoever leads, again and again; repeating a change that was made already is harmless.</summary>
    private void Ask(long procedure, Action<RaftNode, PumpCaller, TimeSpan> request, bool isTransfer)
    {
        if (procedure != _procedures)
        {
            return;
        }

        if (world.Queue.Now > _deadline)
        {
            _procedures++;
            Next();
            return;
        }

        if (world.Leader is { } leader)
        {
            var caller = new SimulatedCaller(leader, null, reply => Replied(procedure, reply, isTransfer));
            leader.Host.TryPost(new NodeRequest((node, now) => request(node, caller, now)));
        }

        world.Queue.After(_chance.Milliseconds(300, 1000), () => Ask(procedure, request, isTransfer));
    }

    private void Replied(long procedure, Reply reply, bool isTransfer)
    {
        var isOver = isTransfer || reply.Outcome is Outcome.Done or Outcome.UnknownMember or Outcome.LastVoter or Outcome.AddressTaken;
        if (procedure != _procedures || !isOver)
        {
            return;
        }

        _procedures++;
        world.Counts.Transfers += isTransfer && reply.Outcome == Outcome.Done ? 1 : 0;
        world.Trace.Say($"operator is told {reply.Outcome}");
        if (_comesBack is { } host && !isTransfer && !IsRetired && reply.Outcome == Outcome.Done)
        {
            _comesBack = null;
            ReadmitWhenBlank(host, world.Queue.Now + TimeSpan.FromSeconds(2));
        }
        else
        {
            Next();
        }
    }

    /// <summary>
    /// Its disk is lost; or, when all is being mended, its node has another membership by now: it was admitted anew while an older
    /// admission was still on its way. A Join removes such a membership, too.
    /// </summary>
    private bool IsDeadForGood(Member member) => world.LostMembers.Contains(member.Id)
        || (IsRetired && world.HostOf(member.Endpoint).Active is { } active && active.Node.Identity.Member != member.Id);

    private static string AddressOf(Host host) => $"1@{host.Endpoint}";
}
