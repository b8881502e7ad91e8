using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>One silo with one node: a place in the network, a clock, a disk, and the node's present activation.</summary>
internal sealed class Host
{
    private readonly World _world;

    // Activations that were superseded and do not know it yet.
    private readonly List<Activation> _superseded = [];

    public Host(World world, int place)
    {
        _world = world;
        Place = place;
        Endpoint = $"n{place + 1}";
        Clock = new HostClock(world.Queue);
        Disk = new SimulatedDisk(world, this);
        KeptMachine = new RegisterMachine();
        LeaderPriority = world.Chance.OneOf([0, 0, 0, 1]);
        Beats = new HostBeats(world, this);
    }

    /// <summary>How much this host would like to lead.</summary>
    public int LeaderPriority { get; }

    public int Place { get; }

    public string Endpoint { get; }

    public HostClock Clock { get; }

    public SimulatedDisk Disk { get; }

    public HostBeats Beats { get; }

    /// <summary>The present activation; null while the host is down.</summary>
    public Activation? Active { get; private set; }

    public bool IsPaused { get; private set; }

    /// <summary>A machine that outlives crashes, which none may; for a planted bug.</summary>
    public RegisterMachine KeptMachine { get; }

    public bool IsUp => Active is not null;

    /// <summary>Whether the node belongs to no group and can be admitted to one.</summary>
    public bool IsAdmissible => Active is { } active && !active.HasFailed
        && (active.IsDeleted || (!active.Pump.IsOver && active.Node.Status() is { Last.Value: 0 }));

    public void Start()
    {
        Beats.Started();
        Activate();
    }

    private void Activate()
    {
        Active = new Activation(_world, this);
        _world.Trace.Say($"{this} starts: {Active.Node.Identity.Member} term {Active.Node.Term} last {Active.Log.Restored.Last}");
        Active.Start();
    }

    /// <summary>After an end, the node is opened anew, blank.</summary>
    public Activation OpenBlank()
    {
        if (Active!.IsDeleted)
        {
            Active.Die();
            Beats.NodeEnded();
            Activate();
        }

        return Active;
    }

    /// <summary>Orleans may activate a node while an older activation is still running; the claim on the log keeps them apart.</summary>
    public void TakeOver()
    {
        if (Active is { HasFailed: false, IsDeleted: false } older && !Disk.IsStopped)
        {
            _world.Counts.Takeovers++;
            _superseded.Add(older);
            Beats.NodeEnded();
            Activate();
        }
    }

    /// <summary>What was superseded is deactivated in the end.</summary>
    public void EndSuperseded()
    {
        _superseded.ForEach(activation => activation.Die());
        _superseded.Clear();
    }

    public void Crash()
    {
        if (Active is null)
        {
            return;
        }

        _world.Counts.Crashes++;
        _world.Trace.Say($"{this} crashes");
        Active.Die();
        Active = null;
        EndSuperseded();
        IsPaused = false;
        Disk.Crash();
        RestartLater();
    }

    /// <summary>Somebody restarts the host after a while, whatever is wrong with it.</summary>
    public void RestartLater()
    {
        var ailing = Active;

        // Often at once, while what it said before is still on its way.
        var pause = _world.Chance.Happens(0.3) ? _world.Chance.Milliseconds(1, 20) : _world.Chance.Milliseconds(5, 2000);
        _world.Queue.After(pause, () => RestartIf(ailing));
    }

    private void RestartIf(Activation? ailing)
    {
        if (Active != ailing)
        {
            return; // It was restarted meanwhile.
        }

        if (Active is not null)
        {
            Crash();
        }
        else
        {
            Start();
        }
    }

    public void Pause()
    {
        if (!IsPaused && IsUp)
        {
            _world.Counts.Pauses++;
            _world.Trace.Say($"{this} stands still");
            IsPaused = true;
        }
    }

    public void Continue()
    {
        if (IsPaused)
        {
            IsPaused = false;
            _world.Trace.Say($"{this} goes on");
            foreach (var activation in _superseded.ToList())
            {
                activation.Continue();
            }

            Active?.Continue();
        }
    }

    public void Receive(Host from, RaftMessage message)
    {
        if (_world.Bug == PlantedBug.OldMembershipCounts && _world.FormerMembers.TryGetValue(from.Endpoint, out var members) && members.Contains(message.From))
        {
            message = message with { From = members[^1] };
        }

        Active?.Pump.Post(new MessageArrived(from.Endpoint, message));
    }

    /// <summary>Hands a request to the node; false when there is nobody to take it.</summary>
    public bool TryPost(PumpInput input)
    {
        if (Active is not { Pump.IsOver: false } active)
        {
            return false;
        }

        active.Pump.Post(input);
        return true;
    }

    public override string ToString() => Endpoint;
}
