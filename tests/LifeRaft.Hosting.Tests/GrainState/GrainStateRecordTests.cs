using LifeRaft.Protocol;
using Orleans.Runtime;
using Orleans.Storage;

namespace LifeRaft.Hosting.Tests.GrainState;

/// <summary>What a write does when its way to the group and back fails.</summary>
public sealed class GrainStateRecordTests : IAsyncDisposable
{
    private static readonly LogIndex _firstSession = LogIndex.First;
    private readonly KeyValueMachine _machine = new();
    private readonly FakeGroup _group;
    private readonly KeyValueGroup _shard;
    private readonly GrainStateRecord _record;

    public GrainStateRecordTests()
    {
        _group = new FakeGroup(_machine);
        _shard = new KeyValueGroup(_group.Grains, FakeGroup.Name, members: 3, TimeSpan.FromSeconds(10), _group.Time);
        var grain = GrainId.Create("user", "1");
        _record = new GrainStateRecord("profile", grain, _shard, GrainStateKey.Of("profile", grain));
    }

    public async ValueTask DisposeAsync() => await _shard.DisposeAsync();

    [Fact]
    public async Task Writes_follow_each_other_by_their_etags_and_a_stale_one_is_refused_with_both()
    {
        var first = await Put(null);
        var second = await Put(first);
        Assert.NotEqual(first, second);
        var failure = await Assert.ThrowsAsync<InconsistentStateException>(() => Put(first));
        Assert.Equal((second, first), (failure.StoredEtag, failure.CurrentEtag));
        Assert.Equal($"State 'profile' of user/1 in kv/x was changed by somebody else: it has ETag {second}, and the grain has {first}. Nothing was written.", failure.Message);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Put(null));
        Assert.Equal(2, (await _record.Read(default))!.Version);
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("99999999999999999999")]
    public async Task What_is_no_etag_of_ours_is_the_etag_of_no_state(string etag)
    {
        var stored = await Put(null);
        var failure = await Assert.ThrowsAsync<InconsistentStateException>(() => Put(etag));
        Assert.Equal((stored, etag), (failure.StoredEtag, failure.CurrentEtag));
        Assert.Equal("", (await Assert.ThrowsAsync<InconsistentStateException>(() => (_record with { Key = "other" }).Put(etag, New(), default))).StoredEtag);
    }

    [Fact]
    public async Task A_deletion_compares_too_and_a_stale_writer_is_refused_after_it()
    {
        var etag = await Put(null);
        await Assert.ThrowsAsync<InconsistentStateException>(() => _record.Delete(null, default));
        await _record.Delete(etag, default);
        await Assert.ThrowsAsync<InconsistentStateException>(() => Put(etag));
        await Assert.ThrowsAsync<InconsistentStateException>(() => _record.Delete(etag, default));
        await _record.Delete(null, default);
        Assert.NotNull(await Put(null));
    }

    [Theory]
    [InlineData((int)Fate.RequestLost)]
    [InlineData((int)Fate.AnswerLost)]
    [InlineData((int)Fate.Silence)]
    public async Task Whatever_happens_on_the_way_a_write_is_applied_once(int fate)
    {
        _group.Fate = (method, before) => method == "command" && before < 3 ? (Fate)fate : Fate.Served;
        var etag = await _group.Patiently(Put(null));
        Assert.Equal((1, etag), Stored());
    }

    [Fact]
    public async Task After_the_deadline_the_group_is_asked_once_more_before_the_outcome_is_called_unknown()
    {
        _group.Fate = static (method, before) => method == "command" && before < 4 ? Fate.Silence : Fate.Served;
        Assert.Equal((1, await _group.Patiently(Put(null))), Stored());

        _group.Fate = static (method, _) => method == "command" ? Fate.Silence : Fate.Served;
        var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => _group.Patiently(Put(Stored().ETag)));
        Assert.StartsWith("State 'profile' of user/1 in kv/x may or may not have been written: It is not known yet whether", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, Stored().Version);
    }

    [Fact]
    public async Task A_write_whose_session_ended_after_it_was_applied_is_recognised()
    {
        _group.Fate = EndingSession(Fate.AnswerLost);
        Assert.Equal((1, await _group.Patiently(Put(null))), Stored());
        Assert.Equal(1, _group.Requests.Count(request => request.Method == "open"));
    }

    [Fact]
    public async Task A_write_whose_session_ended_before_it_was_applied_is_repeated_in_another()
    {
        var etag = await Put(null);
        _group.Fate = EndingSession(Fate.RequestLost, after: 1);
        Assert.Equal((2, await _group.Patiently(Put(etag))), Stored());
        Assert.Equal(2, _group.Requests.Count(request => request.Method == "open"));
    }

    [Fact]
    public async Task A_write_whose_session_ended_and_over_which_somebody_wrote_is_of_unknown_outcome()
    {
        _group.Fate = EndingSession(Fate.AnswerLost, () => _group.Command(new KeyValueCommand(KeyValueCommandKind.Put, _record.Key, 0, New().Encode()).Encode()));
        var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => _group.Patiently(Put(null)));
        Assert.Contains("somebody else has written since", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_write_during_which_another_one_found_that_the_session_had_ended_is_recognised()
    {
        var isFirst = new AsyncLocal<bool> { Value = true };
        var sent = new TaskCompletionSource<bool>();
        _group.Fate = (method, _) => method == "command" && isFirst.Value && (sent.TrySetResult(true) || true) ? Fate.Silence : Fate.Served;
        var write = Put(null);
        isFirst.Value = false;
        await _group.Patiently(sent.Task);
        _group.Forget(_firstSession);
        await _group.Patiently((_record with { Key = "other" }).Put(null, New(), TestContext.Current.CancellationToken));
        Assert.Equal((1, await _group.Patiently(write)), Stored());
    }

    [Fact]
    public async Task A_write_whose_session_ended_is_of_unknown_outcome_when_nobody_can_be_asked()
    {
        _group.Fate = EndingSession(Fate.AnswerLost, () => _group.IsMute = true);
        var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => _group.Patiently(Put(null)));
        Assert.Contains("its session ended, and the group could not be asked", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, Stored().Version);
    }

    [Fact]
    public async Task A_first_write_whose_session_ended_is_not_repeated_over_a_deletion_that_has_seen_it()
    {
        _group.Fate = EndingSession(Fate.AnswerLost, () => _group.Command(new KeyValueCommand(KeyValueCommandKind.Delete, _record.Key, 0, default).Encode()));
        var failure = await Assert.ThrowsAsync<OutcomeUnknownException>(() => _group.Patiently(Put(null)));
        Assert.Contains("removed since", failure.Message, StringComparison.Ordinal);
        Assert.Null(await _record.Read(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_deletion_whose_session_ended_after_it_was_applied_is_recognised()
    {
        var etag = await Put(null);
        _group.Fate = EndingSession(Fate.AnswerLost, after: 1);
        await _group.Patiently(Done(_record.Delete(etag, default)));
        Assert.Null(await _record.Read(default));
    }

    [Fact]
    public async Task A_session_that_ended_while_nothing_was_under_way_is_replaced()
    {
        var etag = await Put(null);
        _group.Forget(_firstSession);
        Assert.NotNull(await _group.Patiently(Put(etag)));
        Assert.Equal(2, Stored().Version);
        Assert.Equal(2, _group.Requests.Count(request => request.Method == "open"));
    }

    [Fact]
    public async Task A_group_that_is_not_founded_yet_is_waited_for_and_not_for_ever()
    {
        _group.IsUnknown = true;
        var failure = await Assert.ThrowsAsync<GroupUnavailableException>(() => _group.Patiently(_record.Read(default)));
        Assert.StartsWith("kv/x is declared and was not founded within 10 s", failure.Message, StringComparison.Ordinal);

        var write = Put(null);
        _group.IsUnknown = false;
        Assert.Equal((1, await _group.Patiently(write)), Stored());
    }

    [Fact]
    public async Task A_group_that_has_not_all_of_its_members_yet_is_waited_for_and_one_that_keeps_fewer_is_used()
    {
        await using var shard = new KeyValueGroup(_group.Grains, FakeGroup.Name, members: 5, TimeSpan.FromSeconds(10), _group.Time);
        await _group.Patiently(shard.Get("key", TestContext.Current.CancellationToken));
        Assert.True(_group.Looks > 1, "it was used at the first look");

        var looks = _group.Looks;
        await _group.Patiently(Put(null));
        Assert.Equal(looks + 1, _group.Looks);
    }

    /// <summary>The first attempt fails so, and before the second one arrives the session has ended.</summary>
    private Func<string, int, Fate> EndingSession(Fate first, Action? meanwhile = null, int after = 0) => (method, before) =>
    {
        if (method != "command" || before != after + 1)
        {
            return method == "command" && before == after ? first : Fate.Served;
        }

        _group.Forget(_firstSession);
        meanwhile?.Invoke();
        return Fate.Served;
    };

    private static StoredState New() => new(false, Guid.NewGuid(), "state"u8.ToArray());

    private static async Task<bool> Done(Task task)
    {
        await task;
        return true;
    }

    private Task<string?> Put(string? etag) => _record.Put(etag, New(), TestContext.Current.CancellationToken);

    private (long Version, string? ETag) Stored()
    {
        var entry = KeyValueResult.Decode(_machine.Query(new KeyValueQuery(KeyValueQueryKind.Get, _record.Key).Encode()));
        return (entry.Version, $"{entry.Revision}");
    }
}
