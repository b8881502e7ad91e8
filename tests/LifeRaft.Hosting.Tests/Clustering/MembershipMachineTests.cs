using System.Net;
using LifeRaft.Protocol;

namespace LifeRaft.Hosting.Tests;

/// <summary>The rules of Orleans' membership table, at the state machine that keeps it.</summary>
public sealed class MembershipMachineTests
{
    private readonly MembershipMachine _machine = new();
    private long _index;

    [Fact]
    public void An_empty_table_has_version_0_and_an_etag()
    {
        Assert.Equal(0, _machine.Table.TableVersion.Version);
        Assert.NotNull(_machine.Table.TableVersion.VersionEtag);
    }

    [Fact]
    public void A_row_is_inserted_once_and_raises_the_version()
    {
        var before = _machine.Table;
        Assert.Equal(MembershipOutcome.Written, Insert(1));
        Assert.Equal(before.Version + 1, _machine.Table.Version);
        Assert.NotEqual(before.ETag, _machine.Table.ETag);

        Assert.Equal(MembershipOutcome.Conflict, Insert(1));
        Assert.Single(_machine.Table.Rows);
    }

    [Fact]
    public void A_version_that_somebody_else_has_raised_is_a_conflict()
    {
        var read = _machine.Table;
        Insert(1);
        Assert.Equal(MembershipOutcome.Conflict, Apply(InsertOf(2, read)));
        Assert.Equal(MembershipOutcome.Written, Apply(InsertOf(2, _machine.Table)));
    }

    [Fact]
    public void A_version_that_is_not_the_next_one_is_a_conflict() =>
        Assert.Equal(MembershipOutcome.Conflict, Apply(InsertOf(1, _machine.Table) with { Version = 2 }));

    [Fact]
    public void A_row_is_updated_by_who_has_read_it_last()
    {
        Insert(1);
        var read = Row(1);
        Assert.Equal(MembershipOutcome.Written, Apply(UpdateOf(read with { Status = SiloStatus.Active })));
        Assert.Equal(SiloStatus.Active, Row(1).Status);
        Assert.NotEqual(read.ETag, Row(1).ETag);

        Assert.Equal(MembershipOutcome.Conflict, Apply(UpdateOf(read with { Status = SiloStatus.Dead })));
        Assert.Equal(SiloStatus.Active, Row(1).Status);
        Assert.Equal(2, _machine.Table.Version);
    }

    [Fact]
    public void A_row_that_is_not_there_cannot_be_updated() => Assert.Equal(MembershipOutcome.Conflict, Apply(UpdateOf(NewRow(1))));

    [Fact]
    public void A_sign_of_life_changes_the_time_and_neither_etag()
    {
        Insert(1);
        var (table, row) = (_machine.Table, Row(1));
        Apply(new MembershipCommand(MembershipCommandKind.SignOfLife) { Row = NewRow(1) with { IAmAliveTime = 99, Status = SiloStatus.Dead } });
        Assert.Equal(row with { IAmAliveTime = 99, Suspects = Row(1).Suspects }, Row(1));
        Assert.Equal((table.Version, table.ETag), (_machine.Table.Version, _machine.Table.ETag));

        Assert.Equal(MembershipOutcome.Written, Apply(UpdateOf(row with { Status = SiloStatus.Active })));
    }

    [Fact]
    public void A_cleanup_removes_the_dead_of_whom_nothing_was_heard_for_long()
    {
        Insert(1, row => row with { Status = SiloStatus.Dead, StartTime = 10, IAmAliveTime = 20 });
        Insert(2, row => row with { Status = SiloStatus.Dead, StartTime = 10, IAmAliveTime = 60 });
        Insert(3, row => row with { Status = SiloStatus.Dead, StartTime = 10, IAmAliveTime = 20, Suspects = [(NewRow(1).Silo, 60)] });
        Insert(4, row => row with { Status = SiloStatus.Active, StartTime = 10, IAmAliveTime = 20 });
        Apply(new MembershipCommand(MembershipCommandKind.Cleanup) { Before = 50 });
        Assert.Equal([NewRow(2).Silo, NewRow(3).Silo, NewRow(4).Silo], _machine.Table.Rows.Keys);
    }

    [Fact]
    public void A_write_that_is_repeated_is_applied_once_and_says_so()
    {
        var insert = InsertOf(1, _machine.Table);
        Assert.Equal(MembershipOutcome.Written, Apply(insert));
        Insert(2);
        Assert.Equal(MembershipOutcome.Written, Apply(insert with { IsRepetition = true }));
        Assert.Equal(2, _machine.Table.Version);
    }

    [Fact]
    public void A_repetition_of_what_was_never_applied_is_applied_or_a_conflict()
    {
        var read = _machine.Table;
        Assert.Equal(MembershipOutcome.Written, Apply(InsertOf(1, read) with { IsRepetition = true }));
        Assert.Equal(MembershipOutcome.Conflict, Apply(InsertOf(2, read) with { IsRepetition = true }));
    }

    [Fact]
    public void A_repetition_that_comes_when_the_write_is_forgotten_is_not_called_a_conflict()
    {
        var insert = InsertOf(1, _machine.Table);
        Apply(insert);
        for (var i = 0; i < MembershipMachine.Remembered; i++)
        {
            Apply(UpdateOf(Row(1)));
        }

        Assert.Equal(MembershipOutcome.Forgotten, Apply(insert with { IsRepetition = true }));
    }

    [Fact]
    public void Of_several_who_have_read_the_same_version_exactly_one_writes()
    {
        for (var round = 0; round < 20; round++)
        {
            var read = _machine.Table;
            var outcomes = Enumerable.Range(0, 5).Select(writer => Apply(InsertOf((round * 5) + writer + 1, read))).ToList();
            Assert.Single(outcomes, MembershipOutcome.Written);
        }

        Assert.Equal(20, _machine.Table.Version);
    }

    [Fact]
    public void A_cleared_table_is_not_what_it_was_when_it_was_empty()
    {
        var read = _machine.Table;
        Insert(1);
        Apply(new MembershipCommand(MembershipCommandKind.Clear));
        Assert.Empty(_machine.Table.Rows);
        Assert.Equal(MembershipOutcome.Conflict, Apply(InsertOf(2, read)));
        Assert.Equal(MembershipOutcome.Written, Apply(InsertOf(2, _machine.Table)));
    }

    [Fact]
    public void A_snapshot_holds_everything_and_what_was_written_is_still_known()
    {
        var insert = InsertOf(1, _machine.Table);
        Apply(insert);
        Insert(2, row => row with { Suspects = [(NewRow(1).Silo, 7)], Status = SiloStatus.Dead });
        var other = new MembershipMachine();
        var content = Snapshot(_machine);
        other.ReadSnapshot(new MemoryStream(content));
        Assert.Equal(content, Snapshot(other));
        Assert.Equal(_machine.Query(default).ToArray(), other.Query(default).ToArray());
        Assert.Equal((byte)MembershipOutcome.Written, other.Apply(Context(99), (insert with { IsRepetition = true }).Encode()).Span[0]);
    }

    [Fact]
    public void An_entry_is_read_back_as_Orleans_has_written_it()
    {
        var entry = new MembershipEntry
        {
            SiloAddress = SiloAddress.New(IPEndPoint.Parse("10.0.0.1:11111"), 12345),
            Status = SiloStatus.ShuttingDown,
            SuspectTimes = [Tuple.Create(SiloAddress.New(IPEndPoint.Parse("[::1]:11112"), 6), new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc))],
            ProxyPort = 30000,
            HostName = "höst",
            SiloName = "silo-1",
            RoleName = null,
            UpdateZone = 3,
            FaultZone = 4,
            StartTime = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc),
            IAmAliveTime = new DateTime(2026, 1, 1, 0, 0, 1, DateTimeKind.Utc),
        };
        var writer = new FieldWriter();
        MembershipRow.From(entry).Write(writer);
        var reader = new FieldReader(writer.ToArray());
        var read = MembershipRow.Read(ref reader).ToEntry();
        reader.End();
        Assert.Equal(entry.ToFullString(), read.ToFullString());
        Assert.Equal(entry.SuspectTimes, read.SuspectTimes);
        Assert.Equal((entry.RoleName, entry.UpdateZone, entry.FaultZone, entry.StartTime.Kind), (read.RoleName, read.UpdateZone, read.FaultZone, read.StartTime.Kind));
    }

    [Fact]
    public void A_command_of_a_newer_build_stops_the_voter_and_is_not_guessed_at()
    {
        var command = new byte[] { 77 };
        Assert.NotNull(_machine.Refusal(command));
        Assert.Throws<UnknownCommandException>(() => _machine.Apply(Context(1), command));
        Assert.Null(_machine.Refusal(InsertOf(1, _machine.Table).Encode()));
    }

    [Fact]
    public void Bytes_that_are_cut_short_are_no_command()
    {
        var command = InsertOf(1, _machine.Table).Encode();
        for (var length = 0; length < command.Length; length++)
        {
            Assert.Throws<FormatException>(() => MembershipCommand.Decode(command.AsMemory(0, length)));
        }
    }

    private static MembershipRow NewRow(int silo) => MembershipRow.From(new MembershipEntry
    {
        SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 10000 + silo), 1),
        SiloName = $"silo-{silo}",
        HostName = "host",
        Status = SiloStatus.Joining,
        StartTime = new DateTime(5, DateTimeKind.Utc),
        IAmAliveTime = new DateTime(6, DateTimeKind.Utc),
    });

    private static byte[] Snapshot(MembershipMachine machine)
    {
        using var stream = new MemoryStream();
        machine.CaptureSnapshot()(stream);
        return stream.ToArray();
    }

    private static CommandContext Context(long index) => new(new LogIndex(index), new Term(1), DateTimeOffset.UnixEpoch);

    private static MembershipCommand InsertOf(int silo, MembershipTableState read) => new(MembershipCommandKind.Insert, Guid.NewGuid())
    {
        Row = NewRow(silo),
        VersionETag = read.ETag,
        Version = read.Version + 1,
    };

    private MembershipCommand UpdateOf(MembershipRow row) => new(MembershipCommandKind.Update, Guid.NewGuid())
    {
        Row = row,
        RowETag = row.ETag,
        VersionETag = _machine.Table.ETag,
        Version = _machine.Table.Version + 1,
    };

    private MembershipRow Row(int silo) => _machine.Table.Rows[NewRow(silo).Silo];

    private MembershipOutcome Insert(int silo, Func<MembershipRow, MembershipRow>? change = null)
    {
        var insert = InsertOf(silo, _machine.Table);
        return Apply(insert with { Row = change?.Invoke(insert.Row!) ?? insert.Row });
    }

    private MembershipOutcome Apply(MembershipCommand command) => (MembershipOutcome)_machine.Apply(Context(++_index), command.Encode()).Span[0];
}
