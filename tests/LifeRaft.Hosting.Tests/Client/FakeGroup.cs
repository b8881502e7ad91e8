using System.Reflection;
using LifeRaft.Protocol;
using Microsoft.Extensions.Time.Testing;

namespace LifeRaft.Hosting.Tests;

/// <summary>What happens to a request on its way to a node and back.</summary>
internal enum Fate
{
    /// <summary>It is carried out and answered.</summary>
    Served,

    /// <summary>The connection breaks before it arrives.</summary>
    RequestLost,

    /// <summary>It is carried out, and the connection breaks before the answer arrives.</summary>
    AnswerLost,

    /// <summary>It is carried out, and no answer ever comes.</summary>
    Silence,

    /// <summary>No answer ever comes, and nothing is done.</summary>
    Swallowed,

    /// <summary>It is carried out, and the client's own process fails.</summary>
    Broken,

    /// <summary>The node does not lead.</summary>
    NotLeader,

    /// <summary>Too much is waiting.</summary>
    Overloaded,

    /// <summary>The node's silo is down.</summary>
    Down,
}

/// <summary>A group of three nodes that share one replicated state, and a client's ways to it, which may fail.</summary>
internal sealed class FakeGroup
{
    // Deadlines are not to pass while those who have something to do wait for a thread, or for the compiler.
    private const int TurnsForOthers = 250;

    // A session's timers may fire while the test's own thread is in a request.
    private readonly Lock _lock = new();
    private readonly ReplicatedState _state;
    private readonly GroupId _id = new(Guid.NewGuid());
    private long _index;
    private int _looks;

    public FakeGroup(IStateMachine machine)
    {
        _state = new ReplicatedState(machine);
        Grains = DispatchProxy.Create<IGrainFactory, GrainsOfFakeGroup>();
        ((GrainsOfFakeGroup)(object)Grains).Group = this;
        Route = new LeaderRoute(Grains, Name, Time, Locate);
    }

    public static GroupName Name { get; } = GroupName.Parse("kv/x");

    public FakeTimeProvider Time { get; } = new();

    public IGrainFactory Grains { get; }

    public LeaderRoute Route { get; }

    public SessionLimits Limits { get; set; } = new(TimeoutMilliseconds: 60_000, Sessions: 10, Results: 3, ResultBytes: 100);

    /// <summary>What happens to each request, by the method and how many of them came before; served by default.</summary>
    public Func<string, int, Fate> Fate { get; set; } = static (_, _) => Tests.Fate.Served;

    /// <summary>The requests that left the client.</summary>
    public List<(string Method, long Number, long Answered)> Requests { get; } = [];

    public int Sessions => _state.Sessions;

    /// <summary>How often the leader was asked for its view.</summary>
    public int Looks => Volatile.Read(ref _looks);

    public Task<RaftSession> OpenSession() => RaftSession.Open(Route, Name, Time, CancellationToken.None);

    /// <summary>Lets the time pass that the task waits for.</summary>
    public async Task<T> Patiently<T>(Task<T> task)
    {
        while (!task.IsCompleted)
        {
            Time.Advance(TimeSpan.FromMilliseconds(5));
            for (var turn = 0; turn < TurnsForOthers; turn++)
            {
                await Task.Run(static () => { });
            }
        }

        return await task;
    }

    /// <summary>The session is gone, as after its timeout.</summary>
    public void Forget(RaftSession session) => Forget(session.Id);

    public void Forget(LogIndex session) => Apply(new SessionRequest(SessionRequestKind.Close) { Session = session });

    /// <summary>Somebody else's command.</summary>
    public ReadOnlyMemory<byte> Command(ReadOnlyMemory<byte> command) => Apply(EntryKind.Command, command.Span);

    private async ValueTask<Reply> Arrive(string method, SessionRequest request)
    {
        Fate fate;
        lock (_lock)
        {
            Requests.Add((method, request.Number, request.Answered));
            fate = Fate(method, Requests.Count(one => one.Method == method) - 1);
        }

        switch (fate)
        {
            case Tests.Fate.Served:
                return Apply(request);
            case Tests.Fate.NotLeader:
                return new Reply { Outcome = Outcome.NotLeader };
            case Tests.Fate.Overloaded:
                return new Reply { Outcome = Outcome.Overloaded };
            case Tests.Fate.Down:
                throw new NodeUnavailableException("down");
        }

        if (fate is Tests.Fate.AnswerLost or Tests.Fate.Silence or Tests.Fate.Broken)
        {
            Apply(request);
        }

        if (fate is Tests.Fate.Silence or Tests.Fate.Swallowed)
        {
            await new TaskCompletionSource().Task;
        }

        throw fate == Tests.Fate.Broken ? new ObjectDisposedException("the client") : new SiloUnavailableException("gone");
    }

    private Reply Apply(SessionRequest request) =>
        new() { Outcome = Outcome.Done, Result = Apply(EntryKind.SessionCommand, request.Encode(Time.GetElapsedTime(0))), Group = _id };

    private ReadOnlyMemory<byte> Apply(EntryKind kind, ReadOnlySpan<byte> command)
    {
        lock (_lock)
        {
            return _state.Apply(LogEntry.Create(kind, new LogIndex(++_index), new Term(1), 0, command), _id).Result;
        }
    }

    /// <summary>What answers a command outside sessions; null where none is to come.</summary>
    public Func<ReadOnlyMemory<byte>, Task<Reply>>? OnCommand { get; set; }

    /// <summary>Whether nobody leads when a question comes.</summary>
    public bool IsMute { get; set; }

    /// <summary>Whether no silo knows the group.</summary>
    public bool IsUnknown { get; set; }

    private Task<GroupSurvey> Locate() => Task.FromResult(new GroupSurvey(IsUnknown ? [] : [new NodeStatus
    {
        Address = "1@silo-1", State = RaftState.Follower, Term = new Term(1), Leader = "", Group = new GroupId(Guid.NewGuid()), Member = new MemberId(Guid.NewGuid()),
        Last = default, Commit = default, Applied = default,
        Members = [.. Enumerable.Range(1, 3).Select(i => new MemberStatus($"{i}@silo-{i}", new MemberId(Guid.NewGuid()), true, GrainId.Create("liferaft-node", $"kv/x/{i}@silo-{i}")))],
    }], []));

    internal sealed class FakeLocator(FakeGroup owner) : IRaftLocator
    {
        public Task<GroupSurvey> Locate() => owner.Locate();

        public Task<IReadOnlyList<string>> Silos() => throw new InvalidOperationException("No session asks this.");

        public Task<GrainId> GrainOf(string address) => throw new InvalidOperationException("No session asks this.");
    }

    internal sealed class FakeNode(FakeGroup owner) : IRaftRequests
    {
        public ValueTask<Reply> OpenSession() => owner.Arrive("open", new SessionRequest(SessionRequestKind.Open) { Limits = owner.Limits });

        public ValueTask<Reply> SessionCommand(GroupId group, LogIndex session, long number, long answered, ReadOnlyMemory<byte> command)
        {
            Assert.Equal(owner._id, group);
            return owner.Arrive("command", new SessionRequest(SessionRequestKind.Command) { Session = session, Number = number, Answered = answered, Command = command });
        }

        public ValueTask<Reply> KeepSession(GroupId group, LogIndex session, long answered) =>
            owner.Arrive("keep", new SessionRequest(SessionRequestKind.KeepAlive) { Session = session, Answered = answered });

        public ValueTask<Reply> CloseSession(GroupId group, LogIndex session) =>
            owner.Arrive("close", new SessionRequest(SessionRequestKind.Close) { Session = session });

        public ValueTask<Reply> Query(ReadOnlyMemory<byte> query, ReadConsistency consistency) =>
            ValueTask.FromResult(owner.IsMute ? new Reply { Outcome = Outcome.NotLeader } : new Reply { Outcome = Outcome.Done, Result = owner._state.Machine.Query(query) });

        public ValueTask<Reply> Command(ReadOnlyMemory<byte> command) =>
            owner.OnCommand is { } answer ? new ValueTask<Reply>(answer(command)) : throw new InvalidOperationException("A session sends no plain commands.");

        public ValueTask<LogPiece> ReadLog(LogIndex first, int count) => throw new InvalidOperationException("No session asks this.");

        public ValueTask<SnapshotPiece> ReadSnapshot(LogIndex index, long offset) => throw new InvalidOperationException("No session asks this.");

        public ValueTask<Reply> Await(ReadOnlyMemory<byte> query, TimeSpan hold) => throw new InvalidOperationException("No session asks this.");

        public ValueTask<Reply> AddMember(MemberId id, string address, GrainId grain, bool isVoter, int mostVoters) => throw new InvalidOperationException("No session asks this.");

        public ValueTask<Reply> ReplaceMember(MemberId replaced, MemberId id, string address, GrainId grain, int mostVoters) => throw new InvalidOperationException("No session asks this.");

        public ValueTask<Reply> RemoveMember(MemberId id) => throw new InvalidOperationException("No session asks this.");

        public ValueTask<Reply> TransferLeadership(MemberId target) => throw new InvalidOperationException("No session asks this.");

        public ValueTask<Reply> Dissolve(GroupId group) => throw new InvalidOperationException("No session asks this.");

        public async ValueTask<NodeStatus> Look()
        {
            Interlocked.Increment(ref owner._looks);
            return (await owner.Locate()).Nodes[0] with { State = RaftState.Leader };
        }
    }
}

/// <summary>Every grain is a node of the group, but the one that finds nodes.</summary>
public class GrainsOfFakeGroup : DispatchProxy
{
    internal FakeGroup Group { get; set; } = null!;

    /// <inheritdoc/>
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod?.ReturnType == typeof(IRaftLocator) ? new FakeGroup.FakeLocator(Group) : new FakeGroup.FakeNode(Group);
}
