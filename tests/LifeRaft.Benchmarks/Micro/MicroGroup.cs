using LifeRaft.Protocol;

namespace LifeRaft.Benchmarks;

/// <summary>
/// A leader and two followers in memory, whose messages arrive at once and whose writes are durable at once: what is left is the protocol.
/// </summary>
internal sealed class MicroGroup
{
    private static readonly TimeSpan _now = TimeSpan.FromHours(1);
    private static readonly object _caller = new();

    private readonly Dictionary<MemberId, RaftNode> _nodes = [];
    private readonly Queue<RaftMessage> _messages = new();
    private readonly RaftNode _leader;
    private readonly LogEntry _founding;
    private int _answered;

    public MicroGroup()
    {
        var group = new GroupId(Guid.NewGuid());
        List<Member> members = [.. Enumerable.Range(1, 3).Select(number => new Member(new MemberId(Guid.NewGuid()), $"{number}@silo-{number}", ""))];
        var configuration = new GroupConfiguration([.. members], [], [], [], GroupTimings.Default);
        _founding = LogEntry.Create(EntryKind.Configuration, LogIndex.First, new Term(1), 0, GroupConfigurationCodec.Encode(configuration));
        foreach (var member in members)
        {
            var restored = new RestoredNode(
                new NodeIdentity(group, member.Id), new HardState(new Term(1), MemberId.None), LogIndex.First, [new TermStart(LogIndex.First, new Term(1))], [_founding]);
            _nodes[member.Id] = new RaftNode(new RaftSettings { GuardsLeaseAfterStart = false }, restored, new Random(1), _now);
        }

        _leader = _nodes[members[0].Id];
        _leader.Campaign(_caller, _now);
        Settle();
        if (_leader.State != RaftState.Leader)
        {
            throw new InvalidOperationException($"The first member is {_leader.State}, not the leader.");
        }
    }

    /// <summary>Proposes so many commands, and does what is to be done until all are committed, applied and answered.</summary>
    /// <returns>The index of the last one.</returns>
    public long Commit(int commands, ReadOnlySpan<byte> payload)
    {
        var before = _answered;
        for (var i = 0; i < commands; i++)
        {
            _leader.Propose(_caller, payload, unixMilliseconds: 0, _now);
        }

        Settle();
        return _answered - before == commands
            ? _leader.AppliedIndex.Value
            : throw new InvalidOperationException($"{_answered - before} of {commands} commands were applied: {_leader.Status()}.");
    }

    private void Settle()
    {
        bool isMore;
        do
        {
            isMore = false;
            foreach (var node in _nodes.Values)
            {
                while (node.TakeReady() is { } ready)
                {
                    Perform(node, ready);
                    isMore = true;
                }
            }

            while (_messages.TryDequeue(out var message))
            {
                _nodes[message.To].Step(message, _now);
            }
        }
        while (isMore);
    }

    private void Perform(RaftNode node, Ready ready)
    {
        foreach (var message in ready.Messages)
        {
            _messages.Enqueue(message);
        }

        if (ready.Answers.FirstOrDefault(answer => answer.Outcome != Outcome.Done) is { } refused)
        {
            throw new InvalidOperationException($"A command was answered: {refused}.");
        }

        if (ready.Persist is { } batch)
        {
            node.Persisted(batch.Number, _now);
        }

        // Only the founding is on the disk alone; what came later is in memory.
        foreach (var read in ready.Reads)
        {
            node.EntriesRead(read, read.First == LogIndex.First ? [_founding] : throw new InvalidOperationException($"{read} is to be read."), _now);
        }

        if (ready.Apply.Count > 0)
        {
            _answered += ready.Apply.Count(entry => entry.Caller is not null);
            node.Applied(ready.Apply[^1].Entry.Index, _now);
        }
    }
}
