using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What is let into the pump, and what is refused before.</summary>
public partial class RaftNodeGrain
{
    /// <summary>
    /// An operator's request. It holds next to nothing, and what unanswered commands hold does not keep it out: it may be what ends the
    /// overload.
    /// </summary>
    private ValueTask<Reply> Post(Action<RaftNode, PumpCaller, TimeSpan> request)
    {
        if (Refusal(0) is { } refusal)
        {
            return ValueTask.FromResult(refusal);
        }

        var caller = new RequestCaller();
        Session.Pump.Post(new NodeRequest((node, now) => request(node, caller, now)));
        return new ValueTask<Reply>(caller.Reply);
    }

    private ValueTask<Reply> Post(RequestCaller caller, PumpInput input, int bytes)
    {
        if ((Refusal(bytes) ?? Overloaded(caller, Session.Pump.Load.Requests, bytes)) is { } refusal)
        {
            if (input is Proposal)
            {
                Session.Telemetry.Meter.Refused(refusal.Outcome);
                caller.Activity.Refuse(refusal.Outcome);
            }

            return ValueTask.FromResult(refusal);
        }

        Session.Pump.Post(input);
        return new ValueTask<Reply>(caller.Reply);
    }

    /// <summary>
    /// What the machine's build does not know is not proposed: it would stop every member of this build. Nor is it when this node does not
    /// lead, for it may lead when its turn comes.
    /// </summary>
    private Reply? RefusalOf(ReadOnlyMemory<byte> command)
    {
        if (Session.State.Machine is not IChecksCommands machine || machine.Refusal(command) is not { } unknown)
        {
            return null;
        }

        var node = Session.Node;
        Session.Telemetry.Meter.Refused(node.State == RaftState.Leader ? Outcome.UnknownCommand : Outcome.NotLeader);
        return node.State == RaftState.Leader
            ? new Reply { Outcome = Outcome.UnknownCommand, Error = unknown }
            : new Reply { Outcome = Outcome.NotLeader, Leader = node.Configuration.Find(node.Leader) is { } leader ? GrainId.Parse(leader.Endpoint) : default };
    }

    /// <summary>Why a request of so many bytes does not even reach the pump; null if it may.</summary>
    private Reply? Refusal(int bytes)
    {
        var pump = Session.Pump;
        if (pump.IsOver)
        {
            return new Reply { Outcome = Outcome.Stopped, Error = $"{_key} has ended or failed" };
        }

        if (bytes > _silo.Options.MaximumCommandBytes)
        {
            return new Reply
            {
                Outcome = Outcome.TooLarge,
                Error = $"it has {bytes} bytes, and the limit (MaximumCommandBytes) is {_silo.Options.MaximumCommandBytes}.",
            };
        }

        return pump.Pending < _silo.Options.MaximumPendingPerNode ? null : Refusal(Overload.Inbox);
    }

    /// <summary>Counts the request until its caller is answered; a refusal, and nothing is counted, where that is too much.</summary>
    private Reply? Overloaded(RequestCaller caller, RequestLoad load, int bytes) =>
        caller.Hold(load, bytes) is { } overload ? Refusal(overload) : null;

    private Reply Refusal(Overload overload)
    {
        Session.Telemetry.Meter.Overloaded(overload.Queue);
        _silo.Telemetry.Refused(_key);
        return overload.Refusal;
    }
}
