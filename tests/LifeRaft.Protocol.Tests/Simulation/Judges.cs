using System.Text;
using LifeRaft.Protocol.Tests.Harness;

namespace LifeRaft.Protocol.Tests.Simulation;

/// <summary>
/// What must be true of what a group did, judged from its outputs alone: logs on disks, applied entries, answers, states. Figure 3
/// of the Raft paper, and linearizability of writes and reads over the sequence of applied commands.
/// </summary>
internal sealed class Judges
{
    private readonly Dictionary<long, string> _leaders = [];
    private readonly List<LogEntry> _applied = [];

    /// <summary>For each applied entry, the term of the node that applied it first: in that term at the latest it was committed.</summary>
    private readonly List<long> _appliedIn = [];
    private readonly Dictionary<string, Seen> _seen = [];
    private readonly Dictionary<string, Operation> _operations = [];
    private long _moment;

    public static void Require(bool holds, string sentence)
    {
        if (!holds)
        {
            throw new InvalidOperationException($"Not true: {sentence}.");
        }
    }

    public void WriteBegins(string caller) => _operations.Add(caller, new Operation { Caller = caller, Begin = ++_moment });

    public void ReadBegins(string caller) => _operations.Add(caller, new Operation { Caller = caller, IsRead = true, Begin = ++_moment });

    /// <summary>The node has lost its memory: what it applied before, it applies again.</summary>
    public void Forget(TestNode node) => _seen[node.Name] = new Seen { Events = node.Events.Count, Answers = node.Answers.Count };

    public void Look(TestNode node, Figures figures)
    {
        var seen = _seen.TryGetValue(node.Name, out var known) ? known : _seen[node.Name] = new Seen();
        Require(node.Commit >= seen.Commit, $"the commit index of {node.Name} never decreases, {seen.Commit} to {node.Commit}");
        seen.Commit = node.Commit;
        LookAtEvents(node, seen, figures);
        LookAtApplied(node, seen);
        LookAtAnswers(node, seen, figures);
    }

    /// <summary>Log Matching: logs that agree in one entry agree in all before it.</summary>
    public static void CheckLogMatching(IReadOnlyList<TestNode> nodes)
    {
        foreach (var (one, other) in nodes.SelectMany(one => nodes.Select(other => (one.Disk.Log, other.Disk.Log))))
        {
            var agreed = Math.Min(one.Count, other.Count);
            while (agreed > 0 && one[agreed - 1].Term != other[agreed - 1].Term)
            {
                agreed--;
            }

            Require(one.Take(agreed).Zip(other).All(pair => IsSame(pair.First, pair.Second)), $"two logs that hold entry {agreed} of one term agree before it");
        }
    }

    /// <summary>Linearizability: the applied commands are the order, and each operation took effect between its beginning and its end.</summary>
    public void CheckHistory(Figures figures)
    {
        var commands = _applied.Where(entry => entry.Kind == EntryKind.Command).Select(Caller).ToList();
        Require(commands.Distinct().Count() == commands.Count, "no command is applied at two places");
        var ended = _operations.Values.Where(operation => operation.End is not null).ToList();
        figures.Writes += ended.Count(operation => !operation.IsRead);
        figures.Reads += ended.Count(operation => operation.IsRead);
        foreach (var write in ended.Where(operation => !operation.IsRead))
        {
            Require(commands.IndexOf(write.Caller) + 1 == write.Position, $"the acknowledged write {write.Caller} stands at {write.Position}, where it was acknowledged");
        }

        // In the order of real time: who begins after another ended sees no less, and a write comes after all that was seen before.
        foreach (var later in ended)
        {
            var before = ended.Where(earlier => earlier.End < later.Begin).Select(earlier => earlier.Position).DefaultIfEmpty(0).Max();
            Require(later.IsRead ? later.Position >= before : later.Position > before, $"{later.Caller} at {later.Position} began after an operation at {before} had ended");
        }

        // A write without an answer may be applied; one that was refused must not be.
        foreach (var refused in _operations.Values.Where(operation => operation.IsRefused))
        {
            Require(!commands.Contains(refused.Caller), $"the write {refused.Caller} was refused, so it is not applied");
        }
    }

    private void LookAtEvents(TestNode node, Seen seen, Figures figures)
    {
        // Events come with the turn that caused them, so the term is that of the last change before.
        for (; seen.Events < node.Events.Count; seen.Events++)
        {
            switch (node.Events[seen.Events])
            {
                case TermChanged change:
                    seen.Term = change.New.Value;
                    break;
                case StateChanged { New: RaftState.Leader }:
                    figures.Elections++;
                    LookAtNewLeader(node, seen.Term);
                    break;
                case MemberJoined or MemberLeft when node.IsLeader:
                    figures.MembershipChanges++;
                    break;
            }
        }
    }

    private void LookAtNewLeader(TestNode node, long term)
    {
        Require(_leaders.TryAdd(term, node.Name) || _leaders[term] == node.Name, $"term {term} has one leader, but {node.Name} and {_leaders[term]} are");
        Require(node.Disk.HardState.Term.Value == term && node.Disk.HardState.VotedFor == node.Id, $"the leader {node.Name} of term {term} has its own vote on its disk");

        // One that stood still may learn of its election when a later leader has committed more: its log need not hold that.
        var committed = _appliedIn.FindLastIndex(earlier => earlier < term) + 1;
        Require(
            node.Disk.Log.Count >= committed && _applied.Take(committed).Zip(node.Disk.Log).All(pair => IsSame(pair.First, pair.Second)),
            $"the leader {node.Name} of term {term} holds all {committed} entries that were committed before that term");
    }

    private void LookAtApplied(TestNode node, Seen seen)
    {
        for (; seen.Applied < node.Applied.Count; seen.Applied++)
        {
            var entry = node.Applied[seen.Applied].Entry;
            Require(entry.Index.Value == seen.Applied + 1, $"{node.Name} applies entry {entry} as number {seen.Applied + 1}");
            Require(entry.Index.Value <= node.Disk.Log.Count && IsSame(node.Disk.Log[seen.Applied], entry), $"{node.Name} applies {entry}, which is on its disk");
            if (seen.Applied == _applied.Count)
            {
                _applied.Add(entry);
                _appliedIn.Add(node.Term);
            }

            Require(IsSame(_applied[seen.Applied], entry), $"{node.Name} applies {entry} where another has applied {_applied[seen.Applied]}");
            if (node.Applied[seen.Applied].Caller is string caller && _operations.TryGetValue(caller, out var write))
            {
                Require(Caller(entry) == caller, $"{caller} gets the result of its own command, not of {Caller(entry)}");
                Finish(write, CommandsUpTo(seen.Applied + 1));
            }
        }
    }

    private void LookAtAnswers(TestNode node, Seen seen, Figures figures)
    {
        for (; seen.Answers < node.Answers.Count; seen.Answers++)
        {
            var answer = node.Answers[seen.Answers];
            figures.Unknown += answer.Outcome == Outcome.Unknown ? 1 : 0;
            figures.Transfers += answer is { Outcome: Outcome.Done, Caller: string asked } && asked.StartsWith("transfer", StringComparison.Ordinal) ? 1 : 0;
            if (answer.Caller is not string caller || !_operations.TryGetValue(caller, out var operation))
            {
                continue;
            }

            Require(!operation.IsAnswered && operation.End is null, $"{caller} is answered once");
            operation.IsAnswered = true;
            operation.IsRefused = !operation.IsRead && answer.Outcome != Outcome.Unknown;
            if (operation.IsRead && answer.Outcome == Outcome.Done)
            {
                Finish(operation, CommandsUpTo((int)node.Raft.AppliedIndex.Value));
            }
        }
    }

    private void Finish(Operation operation, int position)
    {
        Require(operation.End is null, $"{operation.Caller} ends once");
        operation.End = ++_moment;
        operation.Position = position;
    }

    private int CommandsUpTo(int index) => _applied.Take(index).Count(entry => entry.Kind == EntryKind.Command);

    private static bool IsSame(LogEntry one, LogEntry other) => one.Encoded.Span.SequenceEqual(other.Encoded.Span);

    private static string Caller(LogEntry entry) => Encoding.ASCII.GetString(entry.Payload.Span).TrimEnd();

    private sealed class Seen
    {
        public long Commit { get; set; }

        public long Term { get; set; }

        public int Applied { get; set; }

        public int Answers { get; set; }

        public int Events { get; set; }
    }

    private sealed class Operation
    {
        public required string Caller { get; init; }

        public bool IsRead { get; init; }

        public required long Begin { get; init; }

        public long? End { get; set; }

        public bool IsAnswered { get; set; }

        public bool IsRefused { get; set; }

        /// <summary>How many commands had been applied, this one included, where it took effect.</summary>
        public int Position { get; set; }
    }
}
