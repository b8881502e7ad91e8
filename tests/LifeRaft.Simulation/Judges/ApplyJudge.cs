using LifeRaft.Hosting;
using LifeRaft.Protocol;

namespace LifeRaft.Simulation;

/// <summary>
/// State Machine Safety and Leader Completeness (Raft paper, Figure 3), and that each command is applied once. What any node
/// applies counts as committed, with everything before it in that node's log.
/// </summary>
internal sealed class ApplyJudge(Judges judges, Counts counts)
{
    private readonly ClockJudge _clock = new(judges, counts);

    // Entry i is at i - 1; the term in which it was known to be committed is beside it.
    private readonly List<(LogEntry Entry, long KnownIn)> _committed = [];
    private readonly Dictionary<long, long> _indexOfCommand = [];
    private readonly HashSet<MemberId> _members = [];

    /// <summary>The registers after each entry that changed them, as the first node had them.</summary>
    private readonly SortedList<long, (string State, long Applied)> _states = [];

    /// <summary>How many entries are known to be committed.</summary>
    public long Count => _committed.Count;

    /// <summary>The newest configuration that is known to be committed.</summary>
    public GroupConfiguration? Configuration { get; private set; }

    public long TermAt(long index) => _committed[(int)index - 1].Entry.Term.Value;

    /// <summary>The term in which the entry was known to be committed at the latest.</summary>
    public long KnownIn(long index) => _committed[(int)index - 1].KnownIn;

    /// <summary>Where the command was applied; null when it was not.</summary>
    public long? IndexOf(long command) => _indexOfCommand.TryGetValue(command, out var index) ? index : null;

    /// <summary>Whether a committed configuration ever had that member.</summary>
    public bool WasMember(MemberId member) => _members.Contains(member);

    /// <summary>The first so many entries, all of which are known to be committed.</summary>
    public IEnumerable<LogEntry> FirstEntries(LogIndex last)
    {
        if (last.Value > _committed.Count)
        {
            judges.Break("only what is committed is in a snapshot", $"a snapshot or a base at entry {last}, but no node has applied more than {_committed.Count}");
            return _committed.Select(known => known.Entry);
        }

        return _committed.Take((int)last.Value).Select(known => known.Entry);
    }

    /// <summary>A node takes a snapshot: everything up to there was applied, the entries that are no commands too.</summary>
    public void Taken(Activation applier, LogIndex index)
    {
        for (var next = applier.LastApplied.Value + 1; next <= index.Value; next++)
        {
            Pass(applier, applier.Log.HandedOver[(int)next - 1], isApplied: false);
        }

        applier.LastApplied = index;
    }

    /// <summary>What the registers hold after an entry. Whoever applies it has the same afterwards.</summary>
    public void HasApplied(LogIndex index, RegisterMachine registers)
    {
        if (_states.Count == 0 || index.Value > _states.Keys[^1])
        {
            _states.Add(index.Value, (registers.State(), registers.Applied));
        }
    }

    /// <summary>A snapshot took the place of what a node had: it is of committed entries, and holds what they came to.</summary>
    public void Installed(Activation node, SnapshotHeader snapshot, RegisterMachine registers)
    {
        for (var next = node.CountedUpTo; next < Math.Min(snapshot.Index.Value, _committed.Count); next++)
        {
            node.CommandsCounted += IsCounted(_committed[(int)next].Entry) ? 1 : 0;
        }

        node.CountedUpTo = Math.Max(node.CountedUpTo, snapshot.Index.Value);
        var at = LastAtOrBefore(snapshot.Index.Value);
        var expected = at < 0 ? (State: "", Applied: 0L) : _states.Values[at];
        if (expected != (registers.State(), registers.Applied))
        {
            judges.Break("a snapshot is the state", $"{node.Host} installed {snapshot} with {registers.Applied} commands applied, but they were {expected.Applied}, or the registers differ");
        }
    }

    private int LastAtOrBefore(long index)
    {
        int low = 0, high = _states.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _states.Keys[middle] <= index ? (middle + 1, high) : (low, middle);
        }

        return low - 1;
    }

    public void Applied(Activation applier, LogIndex index, ReadOnlyMemory<byte> command)
    {
        if (index <= applier.LastApplied)
        {
            judges.Break("applied once", $"{applier.Host} applies entry {index} after {applier.LastApplied}");
            return;
        }

        var log = applier.Log.HandedOver;
        if (index.Value > log.Count)
        {
            judges.Break("state machine safety", $"{applier.Host} applies entry {index}, but was to store entries up to {log.Count} only");
            return;
        }

        for (var next = applier.LastApplied.Value + 1; next <= index.Value; next++)
        {
            Pass(applier, log[(int)next - 1], isApplied: next == index.Value);
        }

        var entry = log[(int)index.Value - 1];
        if (entry.Kind == EntryKind.SessionCommand)
        {
            AppliedInSession(applier, entry);
        }

        if (!CommandOf(entry).Span.SequenceEqual(command.Span))
        {
            judges.Break("state machine safety", $"{applier.Host} applies something else at {index} than it stored there");
        }

        applier.LastApplied = index;
        if (applier.Machine.Applied >= CommandsUpTo(applier, index))
        {
            judges.Break("applied once", $"the machine of {applier.Host} is about to apply entry {index} and has applied {applier.Machine.Applied} commands before: more than there are");
        }
    }

    public void Elected(Activation leader)
    {
        var log = leader.Log.HandedOver;
        for (var i = 0; i < _committed.Count; i++)
        {
            var (entry, knownIn) = _committed[i];
            if (knownIn < leader.Node.Term.Value && (i >= log.Count || log[i].Term != entry.Term))
            {
                judges.Break("leader completeness", $"{leader.Host} leads term {leader.Node.Term} without entry {entry}, committed in term {knownIn} at the latest");
                return;
            }
        }
    }

    /// <summary>A session may send a command more than once, and only the first to be applied is: by everybody.</summary>
    private void AppliedInSession(Activation applier, LogEntry entry)
    {
        var id = RegisterCommand.Decode(CommandOf(entry)).Id;
        _indexOfCommand.TryAdd(id, entry.Index.Value);
        if (_indexOfCommand[id] != entry.Index.Value)
        {
            judges.Break("applied once", $"{applier.Host} applies command {id} of a session at {entry.Index}, but it was applied at {_indexOfCommand[id]}");
        }
    }

    /// <summary>Whether the entry is a command that was applied: one of a session may have been a repetition, or come too late.</summary>
    private bool IsCounted(LogEntry entry) => entry.Kind == EntryKind.Command
        || (entry.Kind == EntryKind.SessionCommand && CommandOf(entry) is { IsEmpty: false } command && IndexOf(RegisterCommand.Decode(command).Id) == entry.Index.Value);

    private static ReadOnlyMemory<byte> CommandOf(LogEntry entry) =>
        entry.Kind != EntryKind.SessionCommand ? entry.Payload : SessionRequest.TryDecode(entry.Payload, out var request) ? request.Command : default;

    private void Pass(Activation applier, LogEntry entry, bool isApplied)
    {
        if (!isApplied && IsCounted(entry))
        {
            judges.Break("applied once", $"{applier.Host} passes over entry {entry}");
        }

        if (entry.Index.Value > _committed.Count)
        {
            Commit(applier, entry);
        }
        else if (_committed[(int)entry.Index.Value - 1].Entry is var known && !known.Encoded.Span.SequenceEqual(entry.Encoded.Span))
        {
            judges.Break("state machine safety", $"{applier.Host} applies {entry}, but {known} was applied there before");
        }
    }

    private void Commit(Activation applier, LogEntry entry)
    {
        _committed.Add((entry, applier.Node.Term.Value));
        counts.Entries++;
        _clock.Committed(entry);
        if (entry.Kind == EntryKind.Configuration)
        {
            counts.MembershipChanges++;
            Configuration = GroupConfigurationCodec.Decode(entry.Payload);
            _members.UnionWith(Configuration.Everyone.Select(member => member.Id));
        }

        if (entry.Kind == EntryKind.Command)
        {
            var id = RegisterCommand.Decode(entry.Payload).Id;
            if (!_indexOfCommand.TryAdd(id, entry.Index.Value))
            {
                judges.Break("applied once", $"command {id} is committed at {_indexOfCommand[id]} and at {entry.Index}");
            }
        }
    }

    private long CommandsUpTo(Activation applier, LogIndex index)
    {
        for (var next = applier.CountedUpTo + 1; next <= index.Value; next++)
        {
            applier.CommandsCounted += IsCounted(_committed[(int)next - 1].Entry) ? 1 : 0;
        }

        applier.CountedUpTo = index.Value;
        return applier.CommandsCounted;
    }
}
