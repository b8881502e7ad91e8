namespace LifeRaft.Simulation;

/// <summary>What a run came to.</summary>
internal sealed record RunResult(
    RunPlan Plan, ulong Hash, Counts Counts, BrokenRule? Broken, TimeSpan VirtualTime, IReadOnlyList<HistoryEvent> History, IReadOnlyList<Decision> Decisions);

/// <summary>One seed: a group is founded, everything goes wrong for a while, then everything is mended, and judged.</summary>
internal sealed class SimulationRun
{
    private static readonly TimeSpan _glance = TimeSpan.FromMilliseconds(50);
    private readonly World _world;
    private readonly RunPlan _plan;
    private readonly ConvergenceJudge _convergence;
    private readonly MembershipOperator _operator;
    private readonly FaultInjector _faults;

    private SimulationRun(RunPlan plan, TextWriter? text)
    {
        _plan = plan;
        _world = new World(plan, text);
        _convergence = new ConvergenceJudge(_world);
        _operator = new MembershipOperator(_world);
        _faults = new FaultInjector(_world, _operator);
        _world.Elected = leader =>
        {
            _faults.Elected(leader);
            foreach (var client in _world.Clients)
            {
                client.HearOf(leader);
            }
        };
    }

    /// <summary>Runs a plan. The same plan gives the same result, to the last bit of the hash.</summary>
    public static RunResult Of(RunPlan plan, TextWriter? text = null)
    {
        var context = SynchronizationContext.Current;
        try
        {
            // Awaiting in the pump must come back here and now, not by way of whoever runs tests.
            SynchronizationContext.SetSynchronizationContext(null);
            return new SimulationRun(plan, text).Run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private bool IsBroken => _world.Judges.Broken is not null;

    private RunResult Run()
    {
        foreach (var host in _world.Hosts)
        {
            host.Start();
            if (_world.Settings.Node.GoesQuiet)
            {
                host.Beats.Begin();
            }
        }

        _operator.Start();
        _faults.Start();
        foreach (var client in _world.Clients)
        {
            client.Start();
        }

        _world.Queue.RunUntil(_world.Settings.Faults, () => IsBroken);
        if (_plan.Until is null)
        {
            _world.Queue.RunUntil(_world.Settings.LongestFaults, () => IsBroken || _world.Counts.OperationsDone >= RunSettings.FewestOperations);
        }

        _world.Counts.OperationsUnderFaults = _world.Counts.OperationsDone;
        Heal();
        if (!IsBroken)
        {
            _world.Judges.Finished();
        }

        _world.Trace.Note((int)TraceMark.Ended, _world.Queue.Happened, _world.Counts.Messages, _world.History.Count);
        return new RunResult(_plan, _world.Trace.Hash, _world.Counts, _world.Judges.Broken, _world.Queue.Now, _world.History, _world.Schedule.Taken);
    }

    private void Heal()
    {
        if (IsBroken)
        {
            return;
        }

        _world.Trace.Say("everything is mended");
        _faults.Heal();
        _operator.IsRetired = true;
        var before = _world.Clients.Select(client => client.Acknowledged).ToList();
        var end = _world.Queue.Now + _world.Settings.Healing;
        var areServed = Wait(end, () => _world.Clients.Zip(before).All(pair => pair.First.Acknowledged > pair.Second));
        foreach (var client in _world.Clients)
        {
            client.IsRetired = true;
        }

        var hasConverged = areServed && Wait(end, () => _convergence.Missing() is null);
        if (!hasConverged && !IsBroken)
        {
            _world.Judges.Break("liveness", $"{_world.Settings.Healing.TotalSeconds:0} s after the last fault: {(areServed ? "" : "a client cannot write; ")}{_convergence.Missing()}");
        }
        else if (hasConverged && _world.Settings.Node.GoesQuiet)
        {
            GoQuiet();
        }
    }

    /// <summary>A group that has nothing to do is quiet, takes a write, is quiet again, and has a leader again when it loses its own.</summary>
    private void GoQuiet()
    {
        foreach (var host in _world.Hosts)
        {
            host.EndSuperseded(); // They would campaign for ever.
        }

        if (!Soon("the group is not quiet", IsQuiet))
        {
            return;
        }

        var client = _world.Clients[0];
        var before = client.Acknowledged;
        client.Return();
        if (!Soon("a quiet group took no write", () => client.Acknowledged > before))
        {
            return;
        }

        client.IsRetired = true;
        if (!Soon("the group is not quiet again", IsQuiet))
        {
            return;
        }

        var (leader, term) = (_world.Leader!, _world.Leader!.Node.Term);
        leader.Host.Crash();
        Soon("a quiet group that lost its leader has no other", () => _world.Leader?.Node.Term > term && _convergence.Missing() is null);
    }

    private bool IsQuiet() => _world.Clients.All(client => client.IsIdle) && _convergence.Missing() is null
        && _world.Members().All(host => host.Active!.Node.IsQuiet);

    private bool Soon(string failure, Func<bool> condition)
    {
        var holds = Wait(_world.Queue.Now + _world.Settings.Healing, condition);
        if (!holds && !IsBroken)
        {
            _world.Judges.Break("liveness", $"{failure}, {_world.Settings.Healing.TotalSeconds:0} s later");
        }

        return holds;
    }

    private bool Wait(TimeSpan end, Func<bool> condition)
    {
        while (!condition())
        {
            if (IsBroken || _world.Queue.Now >= end)
            {
                return false;
            }

            _world.Queue.RunUntil(_world.Queue.Now + _glance, () => IsBroken);
        }

        return true;
    }
}
