using System.Text;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests.Sessions;

/// <summary>A replicated state to which a test applies entries of sessions, as one leader or another.</summary>
internal sealed class SessionBench
{
    public static SessionLimits Limits { get; } = new(TimeoutMilliseconds: 9_000, Sessions: 4, Results: 3, ResultBytes: 8);

    private ReplicatedState _state;

    public SessionBench() => _state = new ReplicatedState(Machine);

    public TallyMachine Machine { get; private set; } = new();

    public ReplicatedState State => _state;

    /// <summary>Who leads.</summary>
    public long Term { get; set; } = 1;

    /// <summary>What the leader's clock shows, in milliseconds.</summary>
    public long Clock { get; set; } = 1_000_000;

    public long Index { get; private set; }

    /// <summary>What the last entry applied to the machine.</summary>
    public string? LastApplied { get; private set; }

    public LogIndex Open(SessionLimits? limits = null)
    {
        var reply = Apply(new SessionRequest(SessionRequestKind.Open) { Limits = limits ?? Limits });
        return OpenedSession.Decode(reply.Body.Span).Session;
    }

    public string Command(LogIndex session, long number, string command, long answered = 1) => Text(Apply(new SessionRequest(SessionRequestKind.Command)
    {
        Session = session,
        Number = number,
        Answered = answered,
        Command = Encoding.UTF8.GetBytes(command),
    }));

    public string KeepAlive(LogIndex session, long answered = 1) =>
        Text(Apply(new SessionRequest(SessionRequestKind.KeepAlive) { Session = session, Answered = answered }));

    public string Close(LogIndex session) => Text(Apply(new SessionRequest(SessionRequestKind.Close) { Session = session }));

    public SessionReply Apply(SessionRequest request) => Apply(request.Encode(TimeSpan.FromMilliseconds(Clock)));

    public SessionReply Apply(byte[] payload)
    {
        var entry = LogEntry.Create(EntryKind.SessionCommand, new LogIndex(++Index), new Term(Term), 0, payload);
        var applied = _state.Apply(entry, GroupId.None);
        LastApplied = applied.Command is { } command ? Encoding.UTF8.GetString(command.Span) : null;
        return SessionReply.Decode(applied.Result);
    }

    public byte[] Snapshot()
    {
        using var bytes = new MemoryStream();
        _state.CaptureSnapshot()(bytes);
        return bytes.ToArray();
    }

    /// <summary>The state lives on in another process.</summary>
    public void Restart()
    {
        using var bytes = new MemoryStream(Snapshot());
        Machine = new TallyMachine();
        _state = new ReplicatedState(Machine);
        _state.ReadSnapshot(bytes);
    }

    /// <summary>An answer as tests write it: a result as it is, and everything else by its name.</summary>
    public static string Text(SessionReply reply) => reply.Outcome switch
    {
        SessionOutcome.Done => reply.Message,
        SessionOutcome.Failed => $"Failed {reply.Message}",
        var outcome => outcome.ToString(),
    };
}

/// <summary>Answers each command with the command and how many were applied; "bad" it cannot apply, "new" its build does not know, and "loud" has a long answer.</summary>
internal sealed class TallyMachine : IStateMachine
{
    public int Applied { get; private set; }

    public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command)
    {
        var text = Encoding.UTF8.GetString(command.Span);
        Applied++;
        return text switch
        {
            "bad" => throw new InvalidOperationException($"{Applied}"),
            "new" => throw new UnknownCommandException("Upgrade this silo."),
            "loud" => Encoding.UTF8.GetBytes(new string('!', 9)),
            _ => Encoding.UTF8.GetBytes($"{text}{Applied}"),
        };
    }

    public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query) => default;

    public Action<Stream> CaptureSnapshot()
    {
        var applied = BitConverter.GetBytes(Applied);
        return destination => destination.Write(applied);
    }

    public void ReadSnapshot(Stream source)
    {
        var applied = new byte[sizeof(int)];
        source.ReadExactly(applied);
        Applied = BitConverter.ToInt32(applied);
    }
}
