using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What the sessions of clients ask for. What comes of it is decided where it is applied, by the session table.</summary>
public partial class RaftNodeGrain
{
    async ValueTask<Reply> IRaftRequests.OpenSession()
    {
        var group = Session.Node.Identity.Group;
        var reply = await Post(new SessionRequest(SessionRequestKind.Open) { Limits = _silo.Options.SessionLimits() });
        return reply.Outcome == Outcome.Done ? new Reply { Outcome = Outcome.Done, Result = reply.Result, Group = group } : reply;
    }

    ValueTask<Reply> IRaftRequests.SessionCommand(GroupId group, LogIndex session, long number, long answered, ReadOnlyMemory<byte> command) =>
        Post(group, new SessionRequest(SessionRequestKind.Command) { Session = session, Number = number, Answered = answered, Command = command });

    ValueTask<Reply> IRaftRequests.KeepSession(GroupId group, LogIndex session, long answered) =>
        Post(group, new SessionRequest(SessionRequestKind.KeepAlive) { Session = session, Answered = answered });

    ValueTask<Reply> IRaftRequests.CloseSession(GroupId group, LogIndex session) =>
        Post(group, new SessionRequest(SessionRequestKind.Close) { Session = session });

    /// <summary>A session ends with its group: another one of the same name gives the same ids to other clients.</summary>
    private ValueTask<Reply> Post(GroupId group, SessionRequest request) =>
        Session.Node.Identity.Group == group || Session.Node.Identity.IsBlank
            ? Post(request)
            : ValueTask.FromResult(new Reply { Outcome = Outcome.Done, Result = new SessionReply(SessionOutcome.Expired, default).Encode() });

    private ValueTask<Reply> Post(SessionRequest request)
    {
        if (request.Kind == SessionRequestKind.Command && RefusalOf(request.Command) is { } refusal)
        {
            return ValueTask.FromResult(refusal);
        }

        var caller = new RequestCaller { Activity = RaftActivities.StartProposal(_key.Group, _key.Address.ToString()) };
        return Post(caller, new SessionRequestArrived(request, caller, _silo.Time.GetUtcNow().ToUnixTimeMilliseconds()), request.Command.Length);
    }
}
