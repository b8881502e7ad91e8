using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Cluster.Tests;

/// <summary>What Orleans expects of a reminder table.</summary>
public sealed class ReminderTableContract(ReminderTableContract.Silos silos) : IClassFixture<ReminderTableContract.Silos>
{
    private static readonly DateTime _start = new(2026, 11, 25, 13, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task What_was_written_is_read_whatever_it_is_called()
    {
        var grain = GrainId.Create("contract", $"Привет / 100 % # ! 🛶 {Guid.NewGuid()}");
        var etag = await Table(0).UpsertRow(Reminder(grain, "звонок / 1"));
        var row = await Table(1).ReadRow(grain, "звонок / 1");
        Assert.Equal((grain, "звонок / 1", _start, TimeSpan.FromMinutes(5), etag), (row!.GrainId, row.ReminderName, row.StartAt, row.Period, row.ETag));
        Assert.Equal(DateTimeKind.Utc, row.StartAt.Kind);
    }

    [Fact]
    public async Task What_was_not_written_is_not_there()
    {
        var grain = NewGrain();
        Assert.Null(await Table(0).ReadRow(grain, "ring"));
        Assert.Empty((await Table(0).ReadRows(grain)).Reminders);
        Assert.False(await Table(0).RemoveRow(grain, "ring", "7"));
    }

    [Fact]
    public async Task Every_write_has_another_etag_and_the_last_one_counts()
    {
        var grain = NewGrain();
        var etags = await Task.WhenAll(Enumerable.Range(0, 9).Select(writer => Table(writer % 3).UpsertRow(Reminder(grain, "ring"))));
        Assert.Equal(9, etags.Distinct().Count());
        var changed = Reminder(grain, "ring");
        (changed.StartAt, changed.Period) = (_start.AddDays(1), TimeSpan.FromHours(1));
        var last = await Table(0).UpsertRow(changed);
        var row = Assert.Single((await Table(1).ReadRows(grain)).Reminders);
        Assert.Equal((_start.AddDays(1), TimeSpan.FromHours(1), last), (row.StartAt, row.Period, row.ETag));
    }

    [Fact]
    public async Task A_row_is_removed_by_its_etag_and_once()
    {
        var grain = NewGrain();
        var stale = (await Table(0).UpsertRow(Reminder(grain, "ring")))!;
        var current = (await Table(1).UpsertRow(Reminder(grain, "ring")))!;
        Assert.False(await Table(2).RemoveRow(grain, "ring", stale));
        Assert.False(await Table(2).RemoveRow(grain, "ring", "no etag of ours"));
        Assert.False(await Table(2).RemoveRow(grain, "other", current));
        Assert.Equal(current, (await Table(0).ReadRow(grain, "ring"))!.ETag);
        Assert.True(await Table(2).RemoveRow(grain, "ring", current));
        Assert.False(await Table(0).RemoveRow(grain, "ring", current));
        Assert.Null(await Table(1).ReadRow(grain, "ring"));
    }

    [Fact]
    public async Task The_rows_of_a_grain_are_its_own()
    {
        var (grain, longer) = (NewGrain(), NewGrain());
        await Task.WhenAll(
            Table(0).UpsertRow(Reminder(grain, "one")),
            Table(1).UpsertRow(Reminder(grain, "two")),
            Table(2).UpsertRow(Reminder(longer, "one")));
        Assert.Equal(["one", "two"], (await Table(1).ReadRows(grain)).Reminders.Select(row => row.ReminderName).Order());
    }

    [Fact]
    public async Task Ranges_exclude_their_begin_include_their_end_and_go_over_zero()
    {
        var grains = Enumerable.Range(0, 30).Select(_ => NewGrain()).OrderBy(grain => grain.GetUniformHashCode()).ToList();
        await Task.WhenAll(grains.Select(grain => Table(0).UpsertRow(Reminder(grain, "range"))));
        var (tenth, twentieth) = (grains[9].GetUniformHashCode(), grains[19].GetUniformHashCode());
        Assert.Equal(grains[10..20], await In(tenth, twentieth));
        Assert.Equal([.. grains[..10], .. grains[20..]], await In(twentieth, tenth));
        Assert.Equal(grains, await In(tenth, tenth));
        Assert.Equal(grains, await In(0, uint.MaxValue));

        async Task<List<GrainId>> In(uint begin, uint end) =>
            [.. (await Table(1).ReadRows(begin, end)).Reminders.Where(row => row.ReminderName == "range" && grains.Contains(row.GrainId)).Select(row => row.GrainId).OrderBy(grain => grain.GetUniformHashCode())];
    }

    [Fact]
    public async Task More_rows_than_one_page_holds_are_all_read()
    {
        var (grain, name) = (NewGrain(), new string('n', 390));
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), TestContext.Current.CancellationToken, async (number, cancellation) => await Table(number % 3).UpsertRow(Reminder(grain, $"{name}{number}"), cancellation));
        Assert.Equal(400, (await Table(0).ReadRows(grain)).Reminders.Select(row => row.ReminderName).Distinct().Count());
        Assert.Equal(400, (await Table(0).ReadRows(0, 0)).Reminders.Count(row => row.GrainId == grain));
    }

    [Fact]
    public async Task A_table_that_was_stopped_starts_again_and_can_be_cleared()
    {
        await using var cluster = await RaftCluster.Start(1, services: static silo => silo.AddLifeRaftReminders(static options => options.Members = 1));
        var (table, grain) = (cluster.Services(0).GetRequiredService<IReminderTable>(), NewGrain());
        for (var number = 0; number < 150; number++)
        {
            await table.UpsertRow(Reminder(grain, $"{number}"));
        }

        await table.StopAsync(TestContext.Current.CancellationToken);
        await table.StartAsync(TestContext.Current.CancellationToken);
        Assert.Equal(150, (await table.ReadRows(grain)).Reminders.Count);
        await table.TestOnlyClearTable();
        Assert.Empty((await table.ReadRows(0, 0)).Reminders);
        Assert.NotNull(await table.UpsertRow(Reminder(grain, "again")));
    }

    [Fact]
    public async Task Bad_input_is_refused()
    {
        await Assert.ThrowsAsync<ArgumentNullException>(() => Table(0).UpsertRow(null!));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Table(0).UpsertRow(Reminder(NewGrain(), "")));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Table(0).ReadRow(NewGrain(), ""));
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Table(0).RemoveRow(NewGrain(), null!, "1"));
    }

    private IReminderTable Table(int silo) => silos.Cluster.Services(silo).GetRequiredService<IReminderTable>();

    private static GrainId NewGrain() => GrainId.Create("contract", Guid.NewGuid().ToString());

    private static ReminderEntry Reminder(GrainId grain, string name) =>
        new() { GrainId = grain, ReminderName = name, StartAt = _start, Period = TimeSpan.FromMinutes(5) };

    /// <summary>Three silos with reminders.</summary>
    public sealed class Silos : IAsyncLifetime
    {
        internal RaftCluster Cluster { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Cluster = await RaftCluster.Start(3, services: static silo => silo.AddLifeRaftReminders());

        public ValueTask DisposeAsync() => Cluster.DisposeAsync();
    }
}
