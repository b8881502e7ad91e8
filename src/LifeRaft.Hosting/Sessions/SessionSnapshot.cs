using System.Collections.Immutable;
using System.Text;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// The session table as bytes, behind what everything replicated shares: the version of this form and the group's clock; then the sessions' clock, and the sessions in the order of their ids, each with its limits,
/// its last use and the results that it remembers. Equal tables have equal bytes.
/// </summary>
internal static class SessionSnapshot
{
    private const byte Form = 2;

    // A body is what a user's machine returned for one command; nothing that large fits into an answer.
    private const int LongestBody = 1024 * 1024 * 1024;

    public static void Write(Stream destination, SessionTableState state, TimeSpan groupClock)
    {
        using var writer = new BinaryWriter(destination, Encoding.UTF8, leaveOpen: true);
        writer.Write(Form);
        writer.Write(groupClock.Ticks);
        writer.Write(state.Clock.Now);
        writer.Write(state.Clock.Term.Value);
        writer.Write(state.Clock.Reading);
        writer.Write(state.Sessions.Count);
        foreach (var session in state.Sessions.Values)
        {
            Write(writer, session);
        }
    }

    /// <summary>Reads a table, and nothing of what follows it.</summary>
    /// <exception cref="FormatException">The bytes are no session table.</exception>
    public static (SessionTableState State, TimeSpan GroupClock) Read(Stream source)
    {
        try
        {
            using var reader = new BinaryReader(source, Encoding.UTF8, leaveOpen: true);
            var form = reader.ReadByte();
            if (form != Form)
            {
                throw new FormatException($"The snapshot begins with sessions of form {form}; this node reads form {Form}. {(form < Form ? "It was written before the first release: give the silo an empty directory and let its nodes join again." : "Update the silo.")}");
            }

            var groupClock = new TimeSpan(reader.ReadInt64());
            var clock = new SessionClock(reader.ReadInt64(), new Term(reader.ReadInt64()), reader.ReadInt64());
            var count = reader.ReadInt32();
            var sessions = ImmutableSortedDictionary.CreateBuilder<LogIndex, ClientSession>();
            for (var i = 0; i < count; i++)
            {
                var session = ReadSession(reader);
                if (!sessions.TryAdd(session.Id, session))
                {
                    throw Damaged($"session {session.Id} is there twice");
                }
            }

            return (new SessionTableState(clock, sessions.ToImmutable()), groupClock);
        }
        catch (EndOfStreamException failure)
        {
            throw new FormatException("The sessions of the snapshot are cut short.", failure);
        }
    }

    private static void Write(BinaryWriter writer, ClientSession session)
    {
        writer.Write(session.Id.Value);
        writer.Write(session.Limits.TimeoutMilliseconds);
        writer.Write(session.Limits.Sessions);
        writer.Write(session.Limits.Results);
        writer.Write(session.Limits.ResultBytes);
        writer.Write(session.UsedAt);
        writer.Write(session.UsedBy.Value);
        writer.Write(session.Answered);
        writer.Write(session.Results.Count);
        foreach (var (number, reply) in session.Results)
        {
            writer.Write(number);
            writer.Write((byte)reply.Outcome);
            writer.Write(reply.Body.Length);
            writer.Write(reply.Body.Span);
        }
    }

    private static ClientSession ReadSession(BinaryReader reader)
    {
        var id = new LogIndex(reader.ReadInt64());
        var limits = new SessionLimits(reader.ReadInt64(), reader.ReadInt32(), reader.ReadInt32(), reader.ReadInt64());
        if (!limits.AreValid)
        {
            throw Damaged($"session {id} has the limits {limits}");
        }

        var session = new ClientSession(id, limits)
        {
            UsedAt = reader.ReadInt64(),
            UsedBy = new LogIndex(reader.ReadInt64()),
            Answered = reader.ReadInt64(),
        };
        var results = ImmutableSortedDictionary.CreateBuilder<long, SessionReply>();
        var bytes = 0L;
        for (var left = reader.ReadInt32(); left > 0; left--)
        {
            var number = reader.ReadInt64();
            var outcome = (SessionOutcome)reader.ReadByte();
            var body = ReadBody(reader, reader.ReadInt32());
            if (number < session.Answered || number - session.Answered >= limits.Results || outcome is < SessionOutcome.Done or > SessionOutcome.Forgotten
                || !results.TryAdd(number, new SessionReply(outcome, body)))
            {
                throw Damaged($"session {id} remembers {outcome} of {number}, where {session.Answered} is the first of {limits.Results} unanswered ones");
            }

            bytes += body.Length;
        }

        return session with { Results = results.ToImmutable(), ResultBytes = bytes };
    }

    private static byte[] ReadBody(BinaryReader reader, int length)
    {
        if (length is < 0 or > LongestBody)
        {
            throw Damaged($"a result claims {length} bytes");
        }

        var bytes = reader.ReadBytes(length);
        return bytes.Length == length ? bytes : throw new EndOfStreamException();
    }

    private static FormatException Damaged(string how) => new($"The sessions of the snapshot are damaged: {how}. Take it from another member.");
}
