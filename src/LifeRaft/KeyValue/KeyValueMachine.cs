using System.Collections.Immutable;

namespace LifeRaft;

/// <summary>
/// A replicated dictionary, the state machine that comes with LifeRaft and the example for your own: values by key, each with a version and
/// a revision, transactions, leases with which keys end, and the last changes for those who watch. <see cref="KeyValueStore"/> is its client.
/// </summary>
/// <remarks>
/// <para>
/// A command that changes nothing, such as a compare-and-swap that fails, counts as applied; one that is malformed does not.
/// </para>
/// <para>
/// Those who watch are told of everything that the machine remembers: the last 10,000 changes, or 8 MiB of them if that is less. Who asks
/// for earlier ones is told so.
/// </para>
/// </remarks>
public sealed partial class KeyValueMachine : ITimedStateMachine, IWaitingStateMachine, IChecksCommands
{
    // A builder changes in place what it has made since the last capture, and leaves what was captured alone. Ordinal, so that pages and
    // snapshots are the same on every member.
    private ImmutableSortedDictionary<string, KeyValueEntry>.Builder _entries = ImmutableSortedDictionary.CreateBuilder<string, KeyValueEntry>(StringComparer.Ordinal);

    // Invariant: the keys of _entries, which cannot itself begin in the middle. Pages need that; captures do not use it.
    private SortedSet<string> _keys = new(StringComparer.Ordinal);

    // Invariant: every lease that an entry names is one of these.
    private KeyValueLeases _leases = new();

    private readonly KeyValueHistoryBounds _bounds;
    private KeyValueHistory _history;

    private long _applied;

    // The log index of the last command that changed a key.
    private long _revision;

    /// <summary>A machine of an empty store.</summary>
    public KeyValueMachine()
        : this(KeyValueHistoryBounds.Default)
    {
    }

    internal KeyValueMachine(KeyValueHistoryBounds bounds)
    {
        (_bounds, _history) = (bounds, new KeyValueHistory(bounds));
    }

    /// <inheritdoc/>
    public TimeSpan? Deadline => _leases.Next;

    /// <inheritdoc/>
    /// <exception cref="FormatException">The command is malformed; the state is what it was.</exception>
    /// <exception cref="UnknownCommandException">The command is of a later build.</exception>
    public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command)
    {
        if (Refusal(command) is { } unknown)
        {
            throw new UnknownCommandException(unknown);
        }

        // Nothing may throw once the command is read: also what has been found to be due stays done.
        var kind = KeyValueCommand.KindOf(command);
        var answer = kind switch
        {
            KeyValueCommandKind.Transact => Transact(context, KeyValueTransaction.Decode(command[1..])),
            >= KeyValueCommandKind.GrantLease => ChangeLease(context, KeyValueLeaseCommand.Decode(kind, command[1..])).Encode(),
            _ => Change(context, KeyValueCommand.Decode(kind, command)).Encode(),
        };
        _applied++;
        return answer;
    }

    /// <inheritdoc/>
    public string? Refusal(ReadOnlyMemory<byte> command) => KeyValueCommand.Refusal(command);

    /// <inheritdoc/>
    public void Elapse(in CommandContext context) => EndLeases(context);

    /// <inheritdoc/>
    /// <exception cref="FormatException">The query is malformed.</exception>
    public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query)
    {
        var question = KeyValueQuery.Decode(query);
        return question.Kind switch
        {
            KeyValueQueryKind.Get => Get(question.Key),
            KeyValueQueryKind.CountApplied => Number(_applied),
            KeyValueQueryKind.Revision => Number(_revision),
            KeyValueQueryKind.List => List(question.Range!, question.Number, question.Key).Encode(),
            _ => throw new FormatException("Who watches waits for an answer and does not query."),
        };
    }

    /// <inheritdoc/>
    /// <exception cref="FormatException">The query is malformed.</exception>
    public bool TryAnswer(ReadOnlyMemory<byte> query, out ReadOnlyMemory<byte> answer)
    {
        var from = KeyValueQuery.WatchedFrom(query.Span) ?? throw new FormatException("Only who watches waits for an answer; query for everything else.");
        var events = from > _revision ? null : EventsFrom(from, KeyValueQuery.Decode(query).Range!);
        answer = events?.Encode() ?? [];
        return events is not null;
    }

    /// <inheritdoc/>
    public Action<Stream> CaptureSnapshot()
    {
        var state = new KeyValueState(_applied, _revision, _entries.ToImmutable(), _leases.Terms, _history.Capture());
        return destination => KeyValueSnapshot.Write(destination, state);
    }

    /// <inheritdoc/>
    /// <exception cref="FormatException">The bytes are no snapshot; the state is what it was.</exception>
    public void ReadSnapshot(Stream source)
    {
        var (state, history) = KeyValueSnapshot.Read(source, _bounds);
        (_applied, _revision, _entries, _history) = (state.Applied, state.Revision, state.Entries.ToBuilder(), history);
        _keys = new SortedSet<string>(_entries.Keys, StringComparer.Ordinal);
        _leases = new KeyValueLeases(state.Leases, _entries.Values);
    }
}
