using System.Net;

namespace LifeRaft.Hosting.Tests;

/// <summary>What Orleans expects of a membership table (its IMembershipTable), asked through the silos of a cluster.</summary>
public abstract class MembershipTableContract : IAsyncLifetime
{
    private VoterBench _bench = null!;
    private int _silos;

    /// <summary>How many silos keep the table.</summary>
    protected abstract int Voters { get; }

    private IMembershipTable Table => TableOf(0);

    public async ValueTask InitializeAsync()
    {
        _bench = await VoterBench.Start(Voters);
        await _bench.Start("not-a-voter");
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_new_table_is_empty_and_has_a_version()
    {
        var table = await Table.ReadAllAsync();
        Assert.Empty(table.Members);
        Assert.Equal(0, table.Version.Version);
        Assert.NotNull(table.Version.VersionEtag);
    }

    [Fact]
    public async Task A_row_is_inserted_once()
    {
        var entry = NewEntry();
        var before = (await Table.ReadAllAsync()).Version;
        Assert.True(await Table.InsertRowAsync(entry, before.Next()));

        var after = await Table.ReadAllAsync();
        Assert.Equal(before.Version + 1, after.Version.Version);
        Assert.Equal(entry.ToFullString(), Assert.Single(after.Members).Item1.ToFullString());
        Assert.False(await Table.InsertRowAsync(entry, after.Version.Next()));
        Assert.False(await Table.InsertRowAsync(NewEntry(), before.Next()));
        Assert.Equal(after.Version, (await Table.ReadAllAsync()).Version);
    }

    [Fact]
    public async Task One_row_is_read_with_the_version_of_the_table()
    {
        var (first, second) = (await Insert(), await Insert());
        var read = await Table.ReadRowAsync(first.SiloAddress);
        Assert.Equal(first.SiloAddress, Assert.Single(read.Members).Item1.SiloAddress);
        Assert.Equal((await Table.ReadAllAsync()).Version, read.Version);
        Assert.Empty((await Table.ReadRowAsync(NewEntry().SiloAddress)).Members);
        Assert.Equal(second.SiloAddress, Assert.Single((await Table.ReadRowAsync(second.SiloAddress)).Members).Item1.SiloAddress);
    }

    [Fact]
    public async Task A_row_is_updated_by_who_has_read_the_newest_row_and_version()
    {
        var entry = await Insert();
        var read = await Table.ReadAllAsync();
        var (row, etag) = read.TryGet(entry.SiloAddress)!;
        row.Status = SiloStatus.Active;
        row.SuspectTimes = [Tuple.Create(NewEntry().SiloAddress, new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc))];
        Assert.True(await Table.UpdateRowAsync(row, etag, read.Version.Next()));

        var after = await Table.ReadAllAsync();
        var (updated, newETag) = after.TryGet(entry.SiloAddress)!;
        Assert.Equal(row.ToFullString(), updated.ToFullString());
        Assert.Equal(read.Version.Version + 1, after.Version.Version);
        Assert.False(await Table.UpdateRowAsync(row, etag, after.Version.Next()));
        Assert.False(await Table.UpdateRowAsync(row, newETag, read.Version.Next()));
        Assert.False(await Table.UpdateRowAsync(NewEntry(), newETag, after.Version.Next()));
        Assert.True(await Table.UpdateRowAsync(row, newETag, after.Version.Next()));
    }

    [Fact]
    public async Task A_sign_of_life_is_written_without_a_version_and_disturbs_no_writer()
    {
        var entry = await Insert();
        var read = await Table.ReadAllAsync();
        entry.IAmAliveTime = new DateTime(2026, 5, 5, 5, 5, 5, DateTimeKind.Utc);
        await Table.UpdateIAmAliveAsync(entry);

        var (row, etag) = read.TryGet(entry.SiloAddress)!;
        var after = await Table.ReadAllAsync();
        Assert.Equal(entry.IAmAliveTime, after.TryGet(entry.SiloAddress)!.Item1.IAmAliveTime);
        Assert.Equal(read.Version, after.Version);
        Assert.True(await Table.UpdateRowAsync(row, etag, read.Version.Next()));
    }

    [Fact]
    public async Task A_cleanup_removes_the_dead_that_are_older()
    {
        var (dead, young, alive) = (NewEntry(), NewEntry(), NewEntry());
        var (old, recent) = (new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc));
        (dead.Status, dead.StartTime, dead.IAmAliveTime) = (SiloStatus.Dead, old, old);
        (young.Status, young.StartTime, young.IAmAliveTime) = (SiloStatus.Dead, old, recent);
        (alive.Status, alive.StartTime, alive.IAmAliveTime) = (SiloStatus.Active, old, old);
        await Insert(dead);
        await Insert(young);
        await Insert(alive);

        await Table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(2026, 1, 15, 0, 0, 0, TimeSpan.Zero));
        Assert.Equal([young.SiloAddress, alive.SiloAddress], (await Table.ReadAllAsync()).Members.Select(member => member.Item1.SiloAddress).Order());
    }

    [Fact]
    public async Task The_rows_of_the_cluster_are_deleted_and_those_of_another_are_not()
    {
        await Insert();
        await Assert.ThrowsAsync<InvalidRequestException>(() => Table.DeleteMembershipTableEntriesAsync("another"));
        Assert.Single((await Table.ReadAllAsync()).Members);
        await Table.DeleteMembershipTableEntriesAsync("bench");
        Assert.Empty((await Table.ReadAllAsync()).Members);
    }

    [Fact]
    public async Task What_one_silo_has_written_every_silo_reads()
    {
        for (var writer = 0; writer <= Voters; writer++)
        {
            var entry = NewEntry();
            var version = (await TableOf(writer).ReadAllAsync()).Version;
            Assert.True(await TableOf(writer).InsertRowAsync(entry, version.Next()));
            for (var reader = 0; reader <= Voters; reader++)
            {
                var table = await TableOf(reader).ReadAllAsync();
                Assert.Equal(version.Version + 1, table.Version.Version);
                Assert.NotNull(table.TryGet(entry.SiloAddress));
            }
        }
    }

    [Fact]
    public async Task Of_writers_that_race_exactly_one_writes_each_version()
    {
        const int Rows = 12;
        var start = (await Table.ReadAllAsync()).Version.Version;
        var written = await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() => InsertAll(TableOf(writer % (Voters + 1)), Rows))));

        var versions = written.SelectMany(versions => versions).Order().ToList();
        Assert.Equal(Enumerable.Range(start + 1, 8 * Rows), versions);
        var table = await Table.ReadAllAsync();
        Assert.Equal(start + (8 * Rows), table.Version.Version);
        Assert.Equal(8 * Rows, table.Members.Count);
    }

    [Fact]
    public async Task Many_who_update_one_row_lose_no_update()
    {
        var entry = await Insert();
        await Task.WhenAll(Enumerable.Range(0, 6).Select(writer => Task.Run(async () =>
        {
            for (var done = 0; done < 10;)
            {
                var table = TableOf(writer % (Voters + 1));
                var read = await table.ReadAllAsync();
                var (row, etag) = read.TryGet(entry.SiloAddress)!;
                row.ProxyPort++;
                done += await table.UpdateRowAsync(row, etag, read.Version.Next()) ? 1 : 0;
            }
        })));
        Assert.Equal(60, (await Table.ReadAllAsync()).TryGet(entry.SiloAddress)!.Item1.ProxyPort);
    }

    private static async Task<List<int>> InsertAll(IMembershipTable table, int rows)
    {
        var versions = new List<int>();
        while (versions.Count < rows)
        {
            var next = (await table.ReadAllAsync()).Version.Next();
            if (await table.InsertRowAsync(Entry(Random.Shared.Next()), next))
            {
                versions.Add(next.Version);
            }
        }

        return versions;
    }

    /// <summary>The table as silos see it: first the voters, then one that is none.</summary>
    private IMembershipTable TableOf(int silo) => _bench[silo < Voters ? $"silo-{silo + 1}" : "not-a-voter"].Table;

    private MembershipEntry NewEntry() => Entry(++_silos);

    internal static MembershipEntry Entry(int generation) => new()
    {
        SiloAddress = SiloAddress.New(new IPEndPoint(IPAddress.Loopback, 11111), generation),
        SiloName = "silo",
        HostName = "host",
        Status = SiloStatus.Joining,
        SuspectTimes = [],
        StartTime = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc),
        IAmAliveTime = new DateTime(2026, 1, 2, 3, 4, 6, DateTimeKind.Utc),
    };

    private async Task<MembershipEntry> Insert(MembershipEntry? entry = null)
    {
        entry ??= NewEntry();
        Assert.True(await Table.InsertRowAsync(entry, (await Table.ReadAllAsync()).Version.Next()));
        return entry;
    }
}

/// <summary>A table that three silos keep.</summary>
public sealed class ThreeVotersTableTests : MembershipTableContract
{
    protected override int Voters => 3;
}

/// <summary>A table that one silo keeps.</summary>
public sealed class OneVoterTableTests : MembershipTableContract
{
    protected override int Voters => 1;
}
