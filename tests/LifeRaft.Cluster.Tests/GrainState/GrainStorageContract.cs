using LifeRaft.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace LifeRaft.Cluster.Tests;

/// <summary>What Orleans expects of a grain storage, and what ours adds. Each kind of clearing passes all of it.</summary>
public abstract class GrainStorageContract(GrainStorageContract.Silos silos) : IClassFixture<GrainStorageContract.Silos>
{
    private const string Profile = "profile";

    protected abstract string Storage { get; }

    [Fact]
    public async Task A_state_that_was_never_written_is_new_and_has_no_etag()
    {
        var state = new GrainState<Sample> { State = new Sample("stale", 1), RecordExists = true };
        await Read(NewGrain(), state);
        Assert.Equal((new Sample(), null, false), Seen(state));
    }

    [Theory]
    [InlineData("anna@example.org")]
    [InlineData("Привет, мир / 100 %")]
    [InlineData("🛶")]
    public async Task What_was_written_is_read_whatever_the_grain_is_called(string name)
    {
        var grain = GrainId.Create("contract", $"{name}{Guid.NewGuid():N}");
        var state = await Written(grain, new Sample(name, 42));
        var read = await Read(grain, new GrainState<Sample>());
        Assert.Equal((new Sample(name, 42), state.ETag, true), Seen(read));
    }

    [Fact]
    public async Task A_grain_key_longer_than_a_key_of_the_group_serves()
    {
        var grain = GrainId.Create("contract", new string('x', 5000) + Guid.NewGuid());
        await Written(grain, new Sample("long", 1));
        Assert.Equal(new Sample("long", 1), (await Read(grain, new GrainState<Sample>())).State);
    }

    [Fact]
    public async Task Every_write_changes_the_etag_also_one_of_the_same_state()
    {
        var state = await Written(NewGrain(out var grain), new Sample("same", 1));
        var etags = new HashSet<string?> { state.ETag };
        for (var i = 0; i < 5; i++)
        {
            await Write(grain, state);
            Assert.True(etags.Add(state.ETag));
        }
    }

    [Fact]
    public async Task The_second_of_two_who_read_the_same_is_refused_and_nothing_is_written()
    {
        var first = await Written(NewGrain(out var grain), new Sample("first", 1));
        var second = await Read(grain, new GrainState<Sample>());
        var stale = first.ETag;
        first.State = new Sample("first", 2);
        await Write(grain, first);
        second.State = new Sample("second", 2);

        var failure = await Assert.ThrowsAsync<InconsistentStateException>(() => Write(grain, second));
        Assert.Equal((first.ETag, stale), (failure.StoredEtag, failure.CurrentEtag));
        Assert.Equal(stale, second.ETag);
        Assert.Equal(Seen(first), Seen(await Read(grain, new GrainState<Sample>())));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Clear(grain, second));
        Assert.Equal(Seen(first), Seen(await Read(grain, new GrainState<Sample>())));
    }

    [Fact]
    public async Task A_first_write_is_refused_when_there_is_a_state()
    {
        await Written(NewGrain(out var grain), new Sample("there", 1));
        var failure = await Assert.ThrowsAsync<InconsistentStateException>(() => Write(grain, new GrainState<Sample> { State = new Sample("new", 2) }));
        Assert.Equal("", failure.CurrentEtag);
    }

    [Fact]
    public async Task A_cleared_state_is_new_and_its_clearer_writes_on_while_a_stale_writer_is_refused()
    {
        var state = await Written(NewGrain(out var grain), new Sample("cleared", 1));
        var stale = await Read(grain, new GrainState<Sample>());
        await Clear(grain, state);
        Assert.Equal((new Sample(), false), (state.State, state.RecordExists));
        Assert.NotEqual(stale.ETag, state.ETag);
        var read = await Read(grain, new GrainState<Sample> { State = new Sample("stale", 1) });
        Assert.Equal((new Sample(), state.ETag, false), Seen(read));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(grain, stale));

        await Clear(grain, state);
        Assert.False(state.RecordExists);
        state.State = new Sample("again", 2);
        await Write(grain, state);
        Assert.Equal((new Sample("again", 2), state.ETag, true), Seen(await Read(grain, new GrainState<Sample>())));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(grain, stale));
    }

    [Fact]
    public async Task Clearing_what_was_never_written_does_nothing()
    {
        var state = new GrainState<Sample> { State = new Sample("stale", 1), RecordExists = true };
        await Clear(NewGrain(), state);
        Assert.Equal((new Sample(), null, false), Seen(state));
    }

    [Fact]
    public async Task The_states_of_one_grain_are_independent()
    {
        var grain = NewGrain();
        await On(0).WriteStateAsync("one", grain, new GrainState<Sample> { State = new Sample("one", 1) });
        await On(1).WriteStateAsync("other", grain, new GrainState<Sample> { State = new Sample("other", 2) });
        var read = new GrainState<Sample>();
        await On(2).ReadStateAsync("one", grain, read);
        Assert.Equal(new Sample("one", 1), read.State);
        await On(2).ReadStateAsync("other", grain, read);
        Assert.Equal(new Sample("other", 2), read.State);
    }

    [Fact]
    public async Task A_state_that_is_too_large_is_refused_with_the_limit_and_the_old_one_stays()
    {
        var state = await Written(NewGrain(out var grain), new Sample("small", 1));
        var etag = state.ETag;
        state.State = new Sample(new string('x', 1024 * 1024), 2);
        var failure = await Assert.ThrowsAsync<InvalidRequestException>(() => Write(grain, state));
        Assert.Contains("(MaximumCommandBytes) is 1048576", failure.Message, StringComparison.Ordinal);
        Assert.Contains($"State 'profile' of {grain}", failure.Message, StringComparison.Ordinal);
        Assert.Equal(etag, state.ETag);
        Assert.Equal(new Sample("small", 1), (await Read(grain, new GrainState<Sample>())).State);
        state.State = new Sample("small again", 3);
        await Write(grain, state);
    }

    [Fact]
    public async Task Of_many_writers_at_once_one_succeeds_at_a_time()
    {
        await Written(NewGrain(out var grain), new Sample("counter", 0));
        var increments = await Task.WhenAll(Enumerable.Range(0, 9).Select(writer => Increment(writer % 3)));
        var counted = await Read(grain, new GrainState<Sample>());
        Assert.Equal(45, counted.State!.Number);
        Assert.True(increments.Sum() > 0, "the writers never met");

        async Task<int> Increment(int silo)
        {
            var conflicts = 0;
            for (var done = 0; done < 5;)
            {
                var state = new GrainState<Sample>();
                await On(silo).ReadStateAsync(Profile, grain, state);
                state.State = state.State! with { Number = state.State.Number + 1 };
                try
                {
                    await On(silo).WriteStateAsync(Profile, grain, state);
                    done++;
                }
                catch (InconsistentStateException)
                {
                    conflicts++;
                }
            }

            return conflicts;
        }
    }

    protected static GrainId NewGrain() => GrainId.Create("contract", Guid.NewGuid().ToString());

    protected static GrainId NewGrain(out GrainId grain) => grain = NewGrain();

    protected Task Write(GrainId grain, GrainState<Sample> state) => On(1).WriteStateAsync(Profile, grain, state);

    protected Task Clear(GrainId grain, GrainState<Sample> state) => On(0).ClearStateAsync(Profile, grain, state);

    protected async Task<GrainState<Sample>> Read(GrainId grain, GrainState<Sample> state)
    {
        await On(2).ReadStateAsync(Profile, grain, state);
        return state;
    }

    protected async Task<GrainState<Sample>> Written(GrainId grain, Sample sample)
    {
        var state = new GrainState<Sample> { State = sample };
        await Write(grain, state);
        Assert.True(state.RecordExists);
        return state;
    }

    private IGrainStorage On(int silo) => silos.Cluster.Services(silo).GetRequiredKeyedService<IGrainStorage>(Storage);

    private static (Sample State, string? ETag, bool RecordExists) Seen(GrainState<Sample> state) => (state.State!, state.ETag, state.RecordExists);

    [GenerateSerializer]
    public sealed record Sample([property: Id(0)] string Text, [property: Id(1)] int Number)
    {
        public Sample()
            : this("", 0)
        {
        }
    }

    /// <summary>Three silos with a storage of each kind.</summary>
    public sealed class Silos : IAsyncLifetime
    {
        internal RaftCluster Cluster { get; private set; } = null!;

        public async ValueTask InitializeAsync() => Cluster = await RaftCluster.Start(3, services: static silo => silo
            .AddLifeRaftGrainStorageAsDefault(static options => options.Groups = 2)
            .AddLifeRaftGrainStorage("kept", static options => (options.Groups, options.DeleteOnClear) = (1, false)));

        public ValueTask DisposeAsync() => Cluster.DisposeAsync();
    }
}

/// <summary>Clearing removes the record.</summary>
public sealed class DeletingGrainStorageTests(GrainStorageContract.Silos silos) : GrainStorageContract(silos)
{
    protected override string Storage => "Default";
}

/// <summary>Clearing leaves a record.</summary>
public sealed class KeepingGrainStorageTests(GrainStorageContract.Silos silos) : GrainStorageContract(silos)
{
    protected override string Storage => "kept";

    [Fact]
    public async Task Who_read_before_the_first_write_is_refused_after_the_state_was_cleared()
    {
        var early = await Read(NewGrain(out var grain), new GrainState<Sample>());
        await Clear(grain, await Written(grain, new Sample("written", 1)));
        await Assert.ThrowsAsync<InconsistentStateException>(() => Write(grain, early));
    }
}
