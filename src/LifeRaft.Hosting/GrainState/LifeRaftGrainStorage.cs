using Orleans.Serialization.Serializers;
using Orleans.Storage;

namespace LifeRaft.Hosting;

/// <summary>
/// Grain states in key-value groups. The ETag of a state is the revision of its entry, and a write is a transaction that compares it, so it
/// is never lost between the comparison and the write; a session makes the retry of a write harmless.
/// </summary>
internal sealed class LifeRaftGrainStorage : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>The registered state machine of the groups.</summary>
    public const string Machine = "grain-state";

    private readonly string _name;
    private readonly LifeRaftGrainStorageOptions _options;
    private readonly IActivatorProvider _activators;
    private readonly KeyValueGroup[] _groups;
    private readonly Lock _lock = new();
    private Task? _layout;

    public LifeRaftGrainStorage(string name, LifeRaftGrainStorageOptions options, TimeSpan timeout, IGrainFactory grains, IActivatorProvider activators, TimeProvider time)
    {
        (_name, _options, _activators) = (name, options, activators);
        _groups = [.. options.GroupNames(name).Select(group => new KeyValueGroup(grains, group, options.Members, timeout, time))];
    }

    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe<LifeRaftGrainStorage>(ServiceLifecycleStage.ApplicationServices, static _ => Task.CompletedTask, Close);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => ReadStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => WriteStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => ClearStateAsync(stateName, grainId, grainState, CancellationToken.None);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var entry = await (await Find(stateName, grainId, cancellationToken)).Read(cancellationToken);
        if (entry is null || StoredState.Decode(entry) is not { IsCleared: false } stored)
        {
            (grainState.State, grainState.ETag, grainState.RecordExists) = (New<T>(), GrainStateRecord.ETagOf(entry), false);
            return;
        }

        var value = _options.GrainStorageSerializer.Deserialize<T>(new BinaryData(stored.Bytes));
        (grainState.State, grainState.ETag, grainState.RecordExists) = (value ?? New<T>(), GrainStateRecord.ETagOf(entry), true);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var record = await Find(stateName, grainId, cancellationToken);
        var bytes = _options.GrainStorageSerializer.Serialize(grainState.State).ToMemory();
        grainState.ETag = await record.Put(grainState.ETag, new StoredState(false, Guid.NewGuid(), bytes), cancellationToken);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var record = await Find(stateName, grainId, cancellationToken);
        var etag = grainState.ETag;
        if (_options.DeleteOnClear || etag is null)
        {
            await record.Delete(etag, cancellationToken);
            etag = null;
        }
        else
        {
            etag = await record.Put(etag, new StoredState(true, Guid.NewGuid(), default), cancellationToken);
        }

        (grainState.State, grainState.ETag, grainState.RecordExists) = (New<T>(), etag, false);
    }

    /// <summary>Where a state lies, once it is known that it lies where this storage looks.</summary>
    private async Task<GrainStateRecord> Find(string state, GrainId grain, CancellationToken cancellationToken)
    {
        Task layout;
        lock (_lock)
        {
            if (_layout is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _layout = Task.Run(RequireLayout, CancellationToken.None);
            }

            layout = _layout;
        }

        await layout.WaitAsync(cancellationToken);
        return new GrainStateRecord(state, grain, _groups[GrainStateKey.GroupOf(grain, _groups.Length)], GrainStateKey.Of(state, grain));
    }

    /// <summary>The number of groups decides where each state lies. The first group remembers with how many the storage was begun.</summary>
    private async Task RequireLayout()
    {
        var (first, mine) = (_groups[0], BitConverter.GetBytes(_groups.Length));
        var begun = await first.Get(GrainStateKey.Layout, CancellationToken.None);
        if (begun is null)
        {
            var begin = new KeyValueTransaction([KeyValueCondition.Absent(GrainStateKey.Layout)], [KeyValueOperation.Put(GrainStateKey.Layout, mine)], []);
            await first.Transact(begin, CancellationToken.None);
            begun = await first.Get(GrainStateKey.Layout, CancellationToken.None);
        }

        if (begun is null || !begun.Value.Span.SequenceEqual(mine))
        {
            throw new InvalidRequestException($"The grain storage '{_name}' was begun with {(begun is { Value.Length: sizeof(int) } ? BitConverter.ToInt32(begun.Value.Span) : "an unknown number of")} groups and is configured with {_groups.Length}, so grains would not find their states. Set Groups back, or GroupPrefix to begin anew.");
        }
    }

    private T New<T>() => _activators.GetActivator<T>().Create();

    private async Task Close(CancellationToken cancellationToken) => await Task.WhenAll(_groups.Select(group => group.DisposeAsync().AsTask()));
}
