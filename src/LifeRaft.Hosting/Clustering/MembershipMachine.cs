using System.Collections.Immutable;

namespace LifeRaft.Hosting;

/// <summary>
/// Orleans' membership table as a state machine: rows are written by compare-and-swap on the ETags of the row and of the table's version.
/// The last writes are remembered by their ids, so that one whose answer was lost can be repeated.
/// </summary>
internal sealed class MembershipMachine : IChecksCommands
{
    /// <summary>How many writes are remembered. A repetition comes within seconds, and the table changes when silos come and go.</summary>
    public const int Remembered = 256;

    private const byte SnapshotForm = 1;

    private MembershipTableState _table = MembershipTableState.Empty;
    private ImmutableQueue<Guid> _written = [];
    private int _writtenCount;

    /// <summary>The table now.</summary>
    public MembershipTableState Table => _table;

    public string? Refusal(ReadOnlyMemory<byte> command) => MembershipCommand.Refusal(command);

    public ReadOnlyMemory<byte> Apply(in CommandContext context, ReadOnlyMemory<byte> command)
    {
        if (MembershipCommand.Refusal(command) is { } unknown)
        {
            throw new UnknownCommandException(unknown);
        }

        var change = MembershipCommand.Decode(command);
        return new[] { (byte)Apply(change, context.Index.Value) };
    }

    /// <summary>There is one question: the whole table.</summary>
    public ReadOnlyMemory<byte> Query(ReadOnlyMemory<byte> query)
    {
        var writer = new FieldWriter();
        _table.Write(writer);
        return writer.ToArray();
    }

    public Action<Stream> CaptureSnapshot()
    {
        var (table, written) = (_table, _written.ToList());
        return destination =>
        {
            var writer = new FieldWriter().Byte(SnapshotForm).Int32(written.Count);
            written.ForEach(id => writer.Id(id));
            table.Write(writer);
            destination.Write(writer.ToArray());
        };
    }

    public void ReadSnapshot(Stream source)
    {
        using var content = new MemoryStream();
        source.CopyTo(content);
        var reader = new FieldReader(content.ToArray());
        if (reader.Byte() is var form && form != SnapshotForm)
        {
            throw new FormatException($"The snapshot of the membership table is of form {form}; this build reads form {SnapshotForm}. Update the silo.");
        }

        _writtenCount = reader.Count();
        for (var i = 0; i < _writtenCount; i++)
        {
            _written = _written.Enqueue(reader.Id());
        }

        _table = MembershipTableState.Read(ref reader);
        reader.End();
    }

    private MembershipOutcome Apply(MembershipCommand change, long index)
    {
        switch (change.Kind)
        {
            case MembershipCommandKind.Insert:
            case MembershipCommandKind.Update:
                return Write(change, index);
            case MembershipCommandKind.SignOfLife when _table.Rows.TryGetValue(change.Row!.Silo, out var row):
                _table = _table with { Rows = _table.Rows.SetItem(row.Silo, row with { IAmAliveTime = change.Row.IAmAliveTime }) };
                return MembershipOutcome.Written;
            case MembershipCommandKind.Cleanup:
                _table = _table with { Rows = _table.Rows.RemoveRange(_table.Rows.Values.Where(row => row.Status == SiloStatus.Dead && row.UpdateTime < change.Before).Select(row => row.Silo)) };
                return MembershipOutcome.Written;
            case MembershipCommandKind.Clear:
                // The version goes on: whoever read the table before must not find it unchanged.
                _table = _table with { Version = checked(_table.Version + 1), ETag = index, Rows = MembershipTableState.Empty.Rows };
                return MembershipOutcome.Written;
            default:
                return MembershipOutcome.Conflict; // A sign of life of a silo that has no row.
        }
    }

    private MembershipOutcome Write(MembershipCommand change, long index)
    {
        if (_written.Contains(change.Id))
        {
            return MembershipOutcome.Written;
        }

        var row = change.Row!;
        var stored = _table.Rows.GetValueOrDefault(row.Silo);
        var isRowAsRead = change.Kind == MembershipCommandKind.Insert ? stored is null : stored?.ETag == change.RowETag;
        if (!isRowAsRead || change.VersionETag != _table.ETag || change.Version != _table.Version + 1)
        {
            // Had it been applied, the version would be another one too: only one that is remembered, or cannot have been, has an answer.
            return change.IsRepetition && _writtenCount == Remembered && change.VersionETag < _table.ETag ? MembershipOutcome.Forgotten : MembershipOutcome.Conflict;
        }

        _table = new MembershipTableState(change.Version, index, _table.Rows.SetItem(row.Silo, row with { ETag = index }));
        Remember(change.Id);
        return MembershipOutcome.Written;
    }

    private void Remember(Guid id)
    {
        _written = _written.Enqueue(id);
        if (_writtenCount == Remembered)
        {
            _written = _written.Dequeue();
        }
        else
        {
            _writtenCount++;
        }
    }
}
