namespace LifeRaft;

/// <content>What commands, and time, change.</content>
public sealed partial class KeyValueMachine
{
    private KeyValueResult Change(in CommandContext context, in KeyValueCommand change)
    {
        EndLeases(context);
        var current = Find(change.Key);
        switch (change.Kind)
        {
            case KeyValueCommandKind.Delete:
                Delete(context, current);
                return KeyValueResult.Of(current is null ? KeyValueOutcome.No : KeyValueOutcome.Yes, current);
            case KeyValueCommandKind.CompareAndSwap when change.Number != (current?.Version ?? 0):
                return KeyValueResult.Of(KeyValueOutcome.No, current);
            case KeyValueCommandKind.PutWithLease when !_leases.Exists(change.Lease):
                return KeyValueResult.LeaseEnded(change.Lease);
            default:
                var written = Put(context, change.Key, change.Value, change.Lease, current);
                return new KeyValueResult(KeyValueOutcome.Yes, written.Version, written.Revision, written.Lease, default);
        }
    }

    private byte[] Transact(in CommandContext context, KeyValueTransaction transaction)
    {
        EndLeases(context);
        var succeeded = transaction.When.All(condition => condition.Holds(Find(condition.Key)));
        var branch = succeeded ? transaction.Then : transaction.Otherwise;
        if (AnswerBytes(branch) is var bytes and > KeyValueTransaction.MaximumAnswerBytes)
        {
            return KeyValueTransactionResult.EncodeRefusal(KeyValueOutcome.TooLarge, bytes);
        }

        if (branch.FirstOrDefault(operation => operation.LeaseId != 0 && !_leases.Exists(operation.LeaseId)) is { } late)
        {
            return KeyValueTransactionResult.EncodeRefusal(KeyValueOutcome.LeaseEnded, late.LeaseId);
        }

        var results = new KeyValueEntry?[branch.Count];
        for (var i = 0; i < results.Length; i++)
        {
            results[i] = Carry(context, branch[i]);
        }

        return new KeyValueTransactionResult(succeeded, _revision, results).Encode(branch);
    }

    /// <summary>How many bytes the operations may read and remove. It is known before any of them is carried out.</summary>
    private long AnswerBytes(IReadOnlyList<KeyValueOperation> branch)
    {
        var put = branch.Where(operation => operation.Kind == KeyValueOperationKind.Put).ToDictionary(operation => operation.Key, operation => operation.Value.Length);
        return branch
            .Where(operation => operation.Kind != KeyValueOperationKind.Put)
            .Sum(operation => (long)Math.Max(Find(operation.Key)?.Value.Length ?? 0, put.GetValueOrDefault(operation.Key)));
    }

    private KeyValueEntry? Carry(in CommandContext context, KeyValueOperation operation)
    {
        var current = Find(operation.Key);
        switch (operation.Kind)
        {
            case KeyValueOperationKind.Put:
                return Put(context, operation.Key, operation.Value, operation.LeaseId, current);
            case KeyValueOperationKind.Delete:
                Delete(context, current);
                return current;
            default:
                return current;
        }
    }

    private KeyValueEntry? Find(string key) => _entries.TryGetValue(key, out var entry) ? entry : null;

    private KeyValueEntry Put(in CommandContext context, string key, ReadOnlyMemory<byte> value, long lease, KeyValueEntry? current)
    {
        _revision = context.Index.Value;
        key = current?.Key ?? key; // One string for all that is remembered of a key.
        var entry = new KeyValueEntry(key, value.ToArray(), (current?.Version ?? 0) + 1, _revision, lease);
        _entries[key] = entry;
        _history.Append(new KeyValueChange(_revision, IsDelete: false, entry));
        if (current is null)
        {
            _keys.Add(key);
        }

        if (current is not null && current.Lease != lease)
        {
            _leases.Detach(current.Lease, key);
        }

        _leases.Attach(lease, key);
        return entry;
    }

    private void Delete(in CommandContext context, KeyValueEntry? current)
    {
        if (current is not null)
        {
            _revision = context.Index.Value;
            _entries.Remove(current.Key);
            _keys.Remove(current.Key);
            _leases.Detach(current.Lease, current.Key);
            _history.Append(new KeyValueChange(_revision, IsDelete: true, current));
        }
    }

    private KeyValueResult ChangeLease(in CommandContext context, in KeyValueLeaseCommand command)
    {
        EndLeases(context);
        var exists = _leases.Exists(command.Lease);
        switch (command.Kind)
        {
            case KeyValueCommandKind.GrantLease:
                _leases.Grant(command.Lease, command.TimeToLive, context.Clock);
                break;
            case KeyValueCommandKind.KeepLease:
                _leases.Keep(command.Lease, context.Clock);
                break;
            default:
                EndLease(context, command.Lease);
                break;
        }

        return exists || command.Kind == KeyValueCommandKind.GrantLease
            ? new KeyValueResult(KeyValueOutcome.Yes, 0, 0, command.Lease, default)
            : KeyValueResult.LeaseEnded(command.Lease);
    }

    /// <summary>Ends the leases that are due. Every command comes after that, so none finds a lease that is over.</summary>
    private void EndLeases(in CommandContext context)
    {
        while (_leases.TryTakeEnded(context.Clock, out var lease))
        {
            EndLease(context, lease);
        }
    }

    private void EndLease(in CommandContext context, long lease)
    {
        foreach (var key in _leases.End(lease))
        {
            Delete(context, Find(key));
        }
    }
}
