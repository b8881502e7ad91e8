using System.Globalization;
using Orleans.Storage;

namespace LifeRaft.Hosting;

/// <summary>One state of one grain, where it lies.</summary>
internal sealed record GrainStateRecord(string State, GrainId Grain, KeyValueGroup Group, string Key)
{
    /// <summary>The ETag of a state is the revision of its entry; null for none.</summary>
    public static string? ETagOf(KeyValueEntry? entry) => entry?.Revision.ToString(CultureInfo.InvariantCulture);

    public override string ToString() => $"State '{State}' of {Grain} in {Group.Name}";

    public Task<KeyValueEntry?> Read(CancellationToken cancellationToken) => Group.Get(Key, cancellationToken);

    /// <summary>Writes the state if it still has that ETag, and returns the new one.</summary>
    public async Task<string?> Put(string? etag, StoredState stored, CancellationToken cancellationToken) => ETagOf(await Change(
        etag,
        KeyValueOperation.Put(Key, stored.Encode()),
        current => current is not null && StoredState.Decode(current).Write == stored.Write,
        cancellationToken));

    /// <summary>Removes the record if it still has that ETag. One that was never written is removed already: then only the comparison counts.</summary>
    public Task Delete(string? etag, CancellationToken cancellationToken) =>
        Change(etag, KeyValueOperation.Delete(Key), static current => current is null, cancellationToken);

    /// <summary>Carries out the operation if the entry still has that ETag, and returns the operation's result.</summary>
    /// <param name="etag">The ETag that the grain has; null if it knows of no state.</param>
    /// <param name="operation">The operation.</param>
    /// <param name="isDone">Whether the operation was carried out, from the entry as it is now.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    private async Task<KeyValueEntry?> Change(string? etag, KeyValueOperation operation, Func<KeyValueEntry?, bool> isDone, CancellationToken cancellationToken)
    {
        if (!TryReadRevision(etag, out var expected))
        {
            throw Conflict(await Read(cancellationToken), etag);
        }

        var transaction = new KeyValueTransaction([KeyValueCondition.Revision(Key, expected)], [operation], []);
        while (true)
        {
            if (await Transact(transaction, cancellationToken) is { } result)
            {
                return result.Succeeded ? result.Results[0] : throw Conflict(await Read(cancellationToken), etag);
            }

            var current = await ReadToKnow(cancellationToken);
            if (isDone(current))
            {
                return current;
            }

            if ((current?.Revision ?? 0) != expected)
            {
                throw Unknown($"its session ended, and somebody else has written since (ETag {ETagOf(current) ?? "none"}), perhaps over it");
            }

            if (expected == 0)
            {
                // Absence comes back, revisions do not: repeated, it could undo the deletion of somebody who has seen it.
                throw Unknown("its session ended, and the state is absent: it was not written, or was removed since");
            }
        }
    }

    /// <summary>A state that is not there has revision 0. What is no ETag of this storage is the ETag of no state.</summary>
    private static bool TryReadRevision(string? etag, out long revision)
    {
        revision = 0;
        return etag is null || (long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out revision) && revision > 0);
    }

    /// <summary>Reads what became of a write: that the read fails says nothing of the write.</summary>
    private async Task<KeyValueEntry?> ReadToKnow(CancellationToken cancellationToken)
    {
        try
        {
            return await Read(cancellationToken);
        }
        catch (RaftException failure)
        {
            throw Unknown($"its session ended, and the group could not be asked ({failure.Message})");
        }
    }

    private async Task<KeyValueTransactionResult?> Transact(KeyValueTransaction transaction, CancellationToken cancellationToken)
    {
        try
        {
            return await Group.Transact(transaction, cancellationToken);
        }
        catch (OutcomeUnknownException failure)
        {
            throw Unknown(failure.Message);
        }
        catch (InvalidRequestException failure)
        {
            throw new InvalidRequestException($"{this} cannot be written with {transaction.Then[0].Value.Length} bytes: {failure.Message} Keep less in one state, or raise RaftOptions.MaximumCommandBytes on all silos.");
        }
    }

    private InconsistentStateException Conflict(KeyValueEntry? stored, string? etag) => new(
        $"{this} was changed by somebody else: it has ETag {ETagOf(stored) ?? "none"}, and the grain has {etag ?? "none"}. Nothing was written.", ETagOf(stored) ?? "", etag ?? "");

    private OutcomeUnknownException Unknown(string why) =>
        new($"{this} may or may not have been written: {why}. Read the state (ReadStateAsync) before you go on, or deactivate the grain.");
}
