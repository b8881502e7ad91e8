using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>
/// Writing in sessions: what has no answer is sent again under its number, whatever may have become of it, and the network may double
/// the repetitions. Sessions are short-lived and few, so that they expire and push each other out.
/// </summary>
internal sealed partial class ClientProcess
{
    private static readonly SessionLimits _limits = new(TimeoutMilliseconds: 1000, Sessions: 3, Results: 2, ResultBytes: 100);
    private readonly bool _usesSessions = number is 1 or 2 or 4;
    private LogIndex _session;
    private long _numbers;

    /// <summary>The number of the operation in its session; 0 as long as it has none.</summary>
    private long _number;

    /// <summary>How often it was sent; not counting the first time, if that was refused. It may have been applied then.</summary>
    private int _sent;

    /// <summary>The opening of a session, or the operation in it. Commands before it were answered or given up.</summary>
    private SessionRequest NextRequest()
    {
        if (_session == LogIndex.Zero)
        {
            return new SessionRequest(SessionRequestKind.Open) { Limits = _limits };
        }

        _number = _number > 0 ? _number : ++_numbers;
        world.Counts.CommandsRepeated += _sent > 0 ? 1 : 0;
        _sent++;
        return new SessionRequest(SessionRequestKind.Command) { Session = _session, Number = _number, Answered = _number, Command = _operation.Encode() };
    }

    private void ArriveInSession(Host host, Activation active, RegisterCommand operation, SessionRequest request, int attempt)
    {
        var caller = new SimulatedCaller(active, null, reply =>
        {
            if (reply.Outcome == Outcome.Done && request.Kind == SessionRequestKind.Command && !SessionReply.Decode(reply.Result).IsRefusal)
            {
                world.Judges.Acknowledged(active, operation);
            }

            Return(host, attempt, reply);
        });
        if (!host.TryPost(new DatedProposal(world, caller, (node, now, stamp, at) => node.ProposeInSession(caller, request.Encode(now), at, now, stamp))))
        {
            Return(host, attempt, new Reply(Outcome.Stopped, default, null));
        }
    }

    private void RepliedInSession(SessionReply reply)
    {
        if (_session == LogIndex.Zero && reply.Outcome == SessionOutcome.Done)
        {
            world.Counts.SessionsOpened++;
            (_session, _numbers) = (OpenedSession.Decode(reply.Body.Span).Session, 0);
            Attempt();
        }
        else if (reply.Outcome == SessionOutcome.Done)
        {
            world.Counts.RepetitionsAnswered += _sent > 1 ? 1 : 0;
            Succeed(reply.Body);
        }
        else if (reply.Outcome == SessionOutcome.Expired)
        {
            world.Counts.SessionsExpired++;
            _session = LogIndex.Zero;
            if (_sent > 1)
            {
                End(EventKind.Info); // What was sent before may have been applied while the session was open.
            }
            else
            {
                (_number, _sent) = (0, 0);
                Retry();
            }
        }
        else
        {
            world.Judges.Break("sessions", $"a client that does one thing at a time was answered {reply.Outcome} at number {_number}");
        }
    }
}
