using System.Collections.Immutable;
using System.Text;

namespace LifeRaft.Protocol.Tests.Harness;

/// <summary>
/// States and logs as the paper draws them. Members are called A, B, C ...; a log is the list of the terms of its entries. Its first
/// entry is the configuration, in which everyone named in <c>voters</c> votes.
/// </summary>
internal static class Given
{
    public static GroupId Group { get; } = new(new Guid("11111111-2222-3333-4444-555555555555"));

    public static MemberId Id(string name) => new(new Guid(Encoding.ASCII.GetBytes(name.PadRight(16, '.'))));

    public static Member Member(string name, string? address = null, bool becomesVoter = false) =>
        new(Id(name), address ?? name, "endpoint of " + name, becomesVoter);

    public static GroupConfiguration Configuration(string voters, string learners = "") =>
        new(Members(voters), [], Members(learners), [], GroupTimings.Default);

    public static LogEntry Command(long index, int term) =>
        LogEntry.Create(EntryKind.Command, new LogIndex(index), new Term(term), 0, Encoding.ASCII.GetBytes($"{index}@{term}"));

    public static LogEntry ConfigurationEntry(long index, int term, GroupConfiguration configuration) =>
        LogEntry.Create(EntryKind.Configuration, new LogIndex(index), new Term(term), 0, GroupConfigurationCodec.Encode(configuration));

    /// <summary>A log whose entries have those terms.</summary>
    public static List<LogEntry> Log(GroupConfiguration configuration, params int[] terms) =>
        [.. terms.Select((term, i) => i == 0 ? ConfigurationEntry(1, term, configuration) : Command(i + 1, term))];

    public static TestDisk Disk(string name, int term, int[] log, string voters = "ABC", string? votedFor = null, string learners = "") => new()
    {
        Identity = new NodeIdentity(Group, Id(name)),
        HardState = new HardState(new Term(term), votedFor is null ? MemberId.None : Id(votedFor)),
        Log = Log(Configuration(voters, learners), log),
    };

    /// <summary>A node that has just started with that disk: a follower (or a learner) that knows no leader.</summary>
    public static TestNode Node(string name, int term, int[] log, string voters = "ABC", string? votedFor = null, string learners = "", RaftSettings? settings = null) =>
        new(name, new TestClock(), Disk(name, term, log, voters, votedFor, learners), settings);

    /// <summary>The disk with that log, of which the first entries have given way to a snapshot up to <paramref name="snapshot"/>.</summary>
    public static TestDisk Compacted(string name, int term, int[] log, long start, long snapshot, string voters = "ABC")
    {
        var disk = Disk(name, term, log, voters);
        disk.Base = new LogPosition(new LogIndex(start), new Term(log[start - 1]));
        disk.Snapshot = Snapshot(snapshot, log[snapshot - 1], voters);
        disk.Contents[disk.Snapshot.Position] = new byte[disk.Snapshot.Bytes];
        disk.Log.RemoveRange(0, (int)start);
        return disk;
    }

    /// <summary>A snapshot up to that entry; its configuration stands at 1.</summary>
    public static SnapshotHeader Snapshot(long index, int term, string voters = "ABC", long bytes = 10) =>
        new(new LogPosition(new LogIndex(index), new Term(term)), LogIndex.First, Configuration(voters), bytes, (ulong)(index * 1000) + (ulong)term);

    /// <summary>A candidate of that term.</summary>
    public static TestNode Candidate(string name, int term, int[] log, string voters = "ABC")
    {
        var node = Node(name, term - 1, log, voters);
        node.Campaign();
        node.Outbox.Clear();
        return node;
    }

    /// <summary>A leader of that term, elected by all; what it sent so far is forgotten. Its log ends with its no-op.</summary>
    public static TestNode Leader(string name, int term, int[] log, string voters = "ABC", string learners = "", RaftSettings? settings = null)
    {
        var node = Node(name, term - 1, log, voters, learners: learners, settings: settings);
        node.Campaign();
        foreach (var voter in voters.Select(letter => letter.ToString()).Where(voter => voter != name))
        {
            node.Receive(Message.Vote(voter, name, term, granted: true));
        }

        node.Outbox.Clear();
        return node;
    }

    private static ImmutableArray<Member> Members(string letters) => [.. letters.Select(letter => Member(letter.ToString()))];
}
