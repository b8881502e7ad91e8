namespace LifeRaft.Protocol.Tests.Harness;

/// <summary>Messages with members by letter and numbers without wrappers.</summary>
internal static class Message
{
    public static VoteRequest VoteRequest(string from, string to, int term, long lastIndex, int lastTerm, bool preVote = false, bool deliberate = false) => new()
    {
        Group = Given.Group,
        From = Given.Id(from),
        To = Given.Id(to),
        Term = new Term(term),
        LastIndex = new LogIndex(lastIndex),
        LastTerm = new Term(lastTerm),
        IsPreVote = preVote,
        IsDeliberate = deliberate,
    };

    public static VoteResponse Vote(string from, string to, int term, bool granted, bool preVote = false, int? requestTerm = null) => new()
    {
        Group = Given.Group,
        From = Given.Id(from),
        To = Given.Id(to),
        Term = new Term(term),
        Granted = granted,
        IsPreVote = preVote,
        RequestTerm = new Term(requestTerm ?? term),
    };

    /// <summary>An append of entries of the given terms after the previous one.</summary>
    public static AppendRequest Append(string from, string to, int term, long previousIndex, int previousTerm, int[] entries, long commit = 0, bool probe = true) => new()
    {
        Group = Given.Group,
        From = Given.Id(from),
        To = Given.Id(to),
        Term = new Term(term),
        PreviousIndex = new LogIndex(previousIndex),
        PreviousTerm = new Term(previousTerm),
        Entries = [.. entries.Select((entry, i) => Given.Command(previousIndex + 1 + i, entry))],
        Commit = new LogIndex(commit),
        IsProbe = probe,
    };

    public static AppendResponse Appended(string from, string to, int term, long match) => new()
    {
        Group = Given.Group,
        From = Given.Id(from),
        To = Given.Id(to),
        Term = new Term(term),
        Match = new LogIndex(match),
    };

    public static AppendResponse Conflict(string from, string to, int term, long rejected, long hint, int hintTerm) => new()
    {
        Group = Given.Group,
        From = Given.Id(from),
        To = Given.Id(to),
        Term = new Term(term),
        IsConflict = true,
        RejectedIndex = new LogIndex(rejected),
        HintIndex = new LogIndex(hint),
        HintTerm = new Term(hintTerm),
    };

    public static HeartbeatRequest Heartbeat(string from, string to, int term, long commit = 0, long round = 1) => new()
    {
        Group = Given.Group,
        From = Given.Id(from),
        To = Given.Id(to),
        Term = new Term(term),
        Commit = new LogIndex(commit),
        Round = round,
    };

    public static HeartbeatResponse Heard(string from, string to, int term, long round, long verified = 0, long match = 0) => new()
    {
        Group = Given.Group,
        From = Given.Id(from),
        To = Given.Id(to),
        Term = new Term(term),
        Round = round,
        Verified = new LogIndex(verified),
        Match = new LogIndex(match),
    };

    public static SnapshotRequest Part(string from, string to, int term, SnapshotHeader header, long offset = 0, int? bytes = null) => new()
    {
        Group = Given.Group,
        From = Given.Id(from),
        To = Given.Id(to),
        Term = new Term(term),
        Header = header,
        Offset = offset,
        Data = new byte[bytes ?? (int)(header.Bytes - offset)],
    };

    public static SnapshotResponse PartStored(string from, string to, int term, SnapshotHeader header, long offset, bool gap = false) => new()
    {
        Group = Given.Group,
        From = Given.Id(from),
        To = Given.Id(to),
        Term = new Term(term),
        Position = header.Position,
        Checksum = header.Checksum,
        Offset = offset,
        IsGap = gap,
    };

    public static TimeoutNow TimeoutNow(string from, string to, int term) =>
        new() { Group = Given.Group, From = Given.Id(from), To = Given.Id(to), Term = new Term(term) };
}
