using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>liferaft's methods.</summary>
public partial class RaftNodeGrain
{
    private RaftGroup Group
    {
        get
        {
            var group = GrainFactory.GetRaftGroup(_key.Group.ToString());
            group.Timeout = _silo.Options.CommandTimeout;
            return group;
        }
    }

    /// <inheritdoc/>
    public Task<NodeStatus> Status() => Task.FromResult(Session.Status(_latency));

    /// <inheritdoc/>
    public async Task<JoinResult> Join(string? address = null)
    {
        var other = address is null ? NodeAddress.Generate(_key.Address.Silo) : NodeAddress.Parse(address);
        return await GrainFactory.GetGrain<IRaftCoordinator>(_key.Group.ToString()).Join(_key.Address.ToString(), other.ToString());
    }

    /// <inheritdoc/>
    public async Task<string?> Leave(string address) => await Group.Leave(address);

    /// <inheritdoc/>
    public Task Promote() => Campaign();

    /// <inheritdoc/>
    public async Task Campaign()
    {
        var reply = await Post((node, caller, now) => node.Campaign(caller, now));
        if (reply.Outcome != Outcome.Done)
        {
            throw new MembershipException($"{_key} cannot campaign: {(reply.Outcome == Outcome.NotAVoter ? "it is no voter" : "it has ended")}.");
        }
    }

    /// <inheritdoc/>
    public async Task<bool> End()
    {
        var session = Session;
        var member = session.Node.Identity.Member;
        if (session.Pump.IsOver || session.Node.Identity.IsBlank)
        {
            return false;
        }

        var voters = session.Node.Configuration.Voters;
        if (voters.Length == 1 && voters[0].Id == member && !session.Node.Configuration.IsJoint)
        {
            await Group.Delete();
        }
        else
        {
            var left = await Group.Leave(_key.Address.ToString());
            if (left is null)
            {
                // The group does not know this member: it was admitted, and never listed. Nobody will tell it to end.
                await session.Ask((node, now) =>
                {
                    node.Stop(NodeEnd.Removed, now);
                    return true;
                });
            }
        }

        await session.Ended;
        return true;
    }

    /// <inheritdoc/>
    public Task<RaftPacket> Packet(string type) => Task.FromResult(Session.Packets.Create(Named(type)));

    /// <inheritdoc/>
    public Task<RaftPacket> Packet(string type, object? data) => Task.FromResult(Session.Packets.Create(Named(type), data));

    /// <inheritdoc/>
    public Task<bool> Quorum(int responses)
    {
        var peers = Session.Node.Configuration.Everyone.Count() - 1;
        return Task.FromResult(peers > 0 && responses > 0 && responses >= MajorityOfVoters());
    }

    /// <inheritdoc/>
    public Task<int> Majority() => Task.FromResult(MajorityOfVoters());

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> Command(ReadOnlyMemory<byte> command, bool forward = true)
    {
        if (forward)
        {
            return await Group.Command(command);
        }

        var reply = await ((IRaftRequests)this).Command(command);
        return RaftGroup.Succeeded(LedHere(reply, "does not lead"), $"The command to {_key}").Result;
    }

    /// <inheritdoc/>
    public async Task<ReadOnlyMemory<byte>> Query(ReadOnlyMemory<byte> query, ReadConsistency consistency = ReadConsistency.Linearizable)
    {
        var reply = await ((IRaftRequests)this).Query(query, consistency);
        return RaftGroup.Succeeded(LedHere(reply, "cannot answer"), $"The query to {_key}").Result;
    }

    /// <inheritdoc/>
    public async Task<StaleResult> QueryStale(ReadOnlyMemory<byte> query)
    {
        Session.Telemetry.Meter.Read("stale");
        await Session.LearnAgeOfState();
        return new StaleResult(Session.State.Machine.Query(query), Session.Node.AppliedIndex, Session.Pump.AgeOfState());
    }

    private Reply LedHere(Reply reply, string problem)
    {
        if (reply.Outcome is not (Outcome.NotLeader or Outcome.LeadershipMoving))
        {
            return reply;
        }

        var leader = Session.Node.Configuration.Find(Session.Node.Leader)?.Address;
        throw new NotLeaderException($"{_key} {problem}; {(leader is null ? "no leader is known now" : $"the leader is {leader}")}.", leader);
    }

    /// <inheritdoc/>
    public async Task<SnapshotStatus> TakeSnapshot()
    {
        try
        {
            var snapshot = await Session.Pump.TakeSnapshot();
            return new SnapshotStatus(snapshot?.Index ?? LogIndex.Zero, snapshot?.Bytes ?? 0);
        }
        catch (Exception failure) when (failure is not (OutOfMemoryException or RaftException))
        {
            throw new NodeUnavailableException($"{_key} could not take a snapshot: {failure.Message}");
        }
    }

    /// <inheritdoc/>
    public Task<StateHash> StateHash() => Task.FromResult(Session.Hash());

    /// <inheritdoc/>
    public IAsyncEnumerable<RaftEvent> Watch(CancellationToken cancellationToken = default)
    {
        var events = _watchers.Watch(cancellationToken);
        _session?.BeWatched();
        return events;
    }

    /// <summary>
    /// Repeats an attempt until it succeeds. Each failure raises the error event; an attempt that takes too long counts as one. Ends
    /// silently with the node; it survives changes of state.
    /// </summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="timeout">How long one attempt may take, and how long to wait after a failure; null for a fresh random election timeout.</param>
    /// <param name="cancellationToken">Gives up.</param>
    protected async Task Indefinitely(Func<CancellationToken, Task> attempt, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(attempt);
        var session = Session;
        while (!session.Pump.IsOver && !cancellationToken.IsCancellationRequested)
        {
            var patience = timeout ?? RandomElectionTimeout();
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                await attempt(limit.Token).WaitAsync(patience, _silo.Time, cancellationToken);
                return;
            }
            catch (Exception failure) when (failure is not OutOfMemoryException && !cancellationToken.IsCancellationRequested)
            {
                if (session.Pump.IsOver)
                {
                    return;
                }

                Raise(new ErrorEvent(failure is TimeoutException ? $"An attempt took longer than {patience.TotalMilliseconds:0} ms." : failure.Message));
            }

            await limit.CancelAsync();
            await Task.WhenAny(session.Ended, Task.Delay(patience, _silo.Time, cancellationToken));
        }
    }

    private TimeSpan RandomElectionTimeout()
    {
        var timings = Session.Node.Configuration.Timings;
        return new TimeSpan(Random.Shared.NextInt64(timings.ElectionMin.Ticks, timings.ElectionMax.Ticks + 1));
    }

    private int MajorityOfVoters() => Protocol.Quorum.MajorityOf(Session.Node.Configuration.Voters.Length);

    private static string Named(string type) =>
        string.IsNullOrEmpty(type) ? throw new InvalidRequestException("A packet needs a type, for instance 'greeting'.") : type;
}
