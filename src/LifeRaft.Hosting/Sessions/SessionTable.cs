using System.Collections.Immutable;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>What came of a session's request.</summary>
/// <param name="Reply">The answer.</param>
/// <param name="Applied">The user's command, if this entry applied it: null for a repetition, a refusal, and what is no command.</param>
internal readonly record struct SessionResult(SessionReply Reply, ReadOnlyMemory<byte>? Applied = null);

/// <summary>
/// The sessions of a group's clients, a part of the replicated state. A client numbers its commands; what came of each is remembered
/// until the client says that it has the answer, so that a repetition gets the same answer and is not applied again (Ongaro's thesis,
/// 6.3). Sessions end when their client closes them, when nothing is heard of it for the timeout, and, least recently used first, when
/// there are too many.
/// </summary>
/// <remarks>
/// Every member decides the same: by the entries alone, never by its own options, clock or memory.
/// </remarks>
internal sealed class SessionTable
{
    // For each timeout that a session has, all sessions that have it, least recently used first. Invariant: the sessions of _sessions.
    private readonly SortedDictionary<long, LinkedList<LogIndex>> _byUse = [];
    private readonly Dictionary<LogIndex, LinkedListNode<LogIndex>> _places = [];
    private ImmutableSortedDictionary<LogIndex, ClientSession> _sessions = ImmutableSortedDictionary<LogIndex, ClientSession>.Empty;
    private SessionClock _clock;

    /// <summary>How many sessions are open.</summary>
    public int Count => _sessions.Count;

    /// <summary>Everything, as it is now.</summary>
    public SessionTableState State => new(_clock, _sessions);

    /// <summary>Replaces everything.</summary>
    public void Restore(SessionTableState state)
    {
        (_clock, _sessions) = (state.Clock, state.Sessions);
        _byUse.Clear();
        _places.Clear();
        foreach (var session in state.Sessions.Values.OrderBy(session => session.UsedBy))
        {
            Place(session);
        }
    }

    /// <summary>Applies a request.</summary>
    /// <param name="entry">The entry that carries it.</param>
    /// <param name="apply">Applies a command to the user's machine. What it throws is the command's result.</param>
    public SessionResult Apply(LogEntry entry, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> apply)
    {
        if (!SessionRequest.TryDecode(entry.Payload, out var request))
        {
            return Refused(SessionOutcome.Malformed);
        }

        Advance(entry.Term, request.ClockMilliseconds);
        if (request.Kind == SessionRequestKind.Open)
        {
            return Open(entry.Index, request.Limits);
        }

        if (!_sessions.TryGetValue(request.Session, out var session))
        {
            return Refused(SessionOutcome.Expired);
        }

        if (request.Kind == SessionRequestKind.Close)
        {
            Remove(session);
            return new SessionResult(new SessionReply(SessionOutcome.Done, default));
        }

        session = session.AnsweredBelow(request.Answered) with { UsedAt = _clock.Now, UsedBy = entry.Index };
        var result = request.Kind == SessionRequestKind.Command
            ? Apply(ref session, request, apply)
            : new SessionResult(new SessionReply(SessionOutcome.Done, default));
        Keep(session);
        return result;
    }

    private static SessionResult Apply(ref ClientSession session, in SessionRequest request, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> apply)
    {
        if (request.Number < session.Answered)
        {
            return Refused(SessionOutcome.Answered);
        }

        if (session.Results.TryGetValue(request.Number, out var remembered))
        {
            return new SessionResult(remembered);
        }

        if (request.Number >= session.Answered + session.Limits.Results)
        {
            return Refused(SessionOutcome.TooMany);
        }

        var reply = Reply(request.Command, apply);
        session = session.Applied(request.Number, reply);
        return new SessionResult(reply, request.Command);
    }

    private static SessionReply Reply(ReadOnlyMemory<byte> command, Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>> apply)
    {
        try
        {
            return new SessionReply(SessionOutcome.Done, apply(command).ToArray());
        }
        catch (Exception failure) when (ReplicatedState.IsResult(failure))
        {
            // As for a command without a session: whatever a user's machine throws is the result, the same on every member.
            return SessionReply.Failed(RequestCaller.Describe(failure));
        }
    }

    private SessionResult Open(LogIndex index, SessionLimits limits)
    {
        while (_sessions.Count >= limits.Sessions)
        {
            Remove(_sessions[_byUse.Values.Select(sessions => sessions.First!.Value).MinBy(id => _sessions[id].UsedBy)]);
        }

        var session = new ClientSession(index, limits) { UsedAt = _clock.Now, UsedBy = index };
        _sessions = _sessions.Add(index, session);
        Place(session);
        var opened = new OpenedSession(index, limits.TimeoutMilliseconds, limits.Results);
        return new SessionResult(new SessionReply(SessionOutcome.Done, opened.Encode()));
    }

    private void Advance(Term term, long reading)
    {
        _clock = _clock.Advance(term, reading, _byUse.Count > 0 ? _byUse.First().Key : 0);
        while (Expired() is { } session)
        {
            Remove(session);
        }
    }

    private ClientSession? Expired()
    {
        foreach (var (timeout, sessions) in _byUse)
        {
            var oldest = _sessions[sessions.First!.Value];
            if (oldest.UsedAt + timeout <= _clock.Now)
            {
                return oldest;
            }
        }

        return null;
    }

    /// <summary>A session that was just used.</summary>
    private void Keep(ClientSession session)
    {
        _sessions = _sessions.SetItem(session.Id, session);
        var place = _places[session.Id];
        var sessions = place.List!;
        sessions.Remove(place);
        sessions.AddLast(place);
    }

    private void Place(ClientSession session)
    {
        if (!_byUse.TryGetValue(session.Limits.TimeoutMilliseconds, out var sessions))
        {
            _byUse.Add(session.Limits.TimeoutMilliseconds, sessions = new LinkedList<LogIndex>());
        }

        _places.Add(session.Id, sessions.AddLast(session.Id));
    }

    private void Remove(ClientSession session)
    {
        _sessions = _sessions.Remove(session.Id);
        _places.Remove(session.Id, out var place);
        var sessions = place!.List!;
        sessions.Remove(place);
        if (sessions.Count == 0)
        {
            _byUse.Remove(session.Limits.TimeoutMilliseconds);
        }
    }

    private static SessionResult Refused(SessionOutcome outcome) => new(new SessionReply(outcome, default));
}

/// <summary>The whole of a session table: two tables with equal states decide the same for ever.</summary>
internal readonly record struct SessionTableState(SessionClock Clock, ImmutableSortedDictionary<LogIndex, ClientSession> Sessions);
