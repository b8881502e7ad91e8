using System.Globalization;
using LifeRaft.Protocol;

namespace LifeRaft.Cli;

/// <summary>How entries of a log are shown.</summary>
internal sealed class LogEntries(string machine)
{
    private readonly EntryText _text = new(machine);

    public Listing<(LogEntry Entry, bool IsCommitted)> Listing() => new Listing<(LogEntry Entry, bool IsCommitted)>()
        .Column("index", row => Number(row.Entry.Index.Value), isRight: true)
        .Column("term", row => Number(row.Entry.Term.Value), isRight: true)
        .Column("state", row => row.IsCommitted ? "committed" : "uncommitted", colour: row => row.IsCommitted ? null : "yellow")
        .Column("kind", row => KindOf(row.Entry))
        .Column("bytes", row => Number(row.Entry.Payload.Length), isRight: true)
        .Column("clock", row => Duration.Format(row.Entry.Clock), isRight: true, isWide: true)
        .Column("proposed at", row => Time(row.Entry) ?? "-", isWide: true)
        .Column("content", row => TerminalText.Of(_text.Of(row.Entry)));

    /// <summary>An entry on a line of its own.</summary>
    public string Line(LogEntry entry) => $"{Number(entry.Index.Value),8}  {Number(entry.Term.Value),5}  {KindOf(entry),-13}  {TerminalText.Of(_text.Of(entry))}";

    public LogEntryDocument Document(LogEntry entry, bool isCommitted) => new(
        entry.Index.Value, entry.Term.Value, isCommitted, KindOf(entry), entry.Payload.Length, entry.Clock.TotalMilliseconds, Time(entry), _text.Of(entry), Convert.ToBase64String(entry.Payload.Span));

    private static string KindOf(LogEntry entry) => entry.Kind switch
    {
        EntryKind.NoOp => "noOp",
        EntryKind.SessionCommand => "session",
        var kind => kind.ToString().ToLowerInvariant(),
    };

    private static string? Time(LogEntry entry) => entry.ProposedAtUnixMilliseconds == 0
        ? null
        : DateTimeOffset.FromUnixTimeMilliseconds(entry.ProposedAtUnixMilliseconds).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>An entry.</summary>
/// <param name="Index">Its index.</param>
/// <param name="Term">Its term.</param>
/// <param name="Committed">Whether the node knows it to be committed.</param>
/// <param name="Kind">What it is for.</param>
/// <param name="Bytes">How long what it carries is.</param>
/// <param name="ClockMs">The group's clock when it was proposed.</param>
/// <param name="ProposedAt">The wall clock of the leader then; null where it does not say.</param>
/// <param name="Content">What it says, in words; cut where it is long.</param>
/// <param name="PayloadBase64">What it carries.</param>
internal sealed record LogEntryDocument(
    long Index, long Term, bool Committed, string Kind, int Bytes, double ClockMs, string? ProposedAt, string Content, string PayloadBase64);
