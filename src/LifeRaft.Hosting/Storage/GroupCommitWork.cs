using LifeRaft.Protocol;

namespace LifeRaft.Hosting;

/// <summary>
/// Something that waits in the queue of a <see cref="GroupCommitWriter"/>. The writer calls, in this order and on its own
/// thread: <see cref="Refusal"/>, <see cref="Stage"/>, <see cref="Committed"/>, <see cref="Complete"/>. One that is refused or
/// fails hears only of <see cref="Complete"/>.
/// </summary>
internal abstract class GroupCommitWork
{
    /// <summary>What the work adds to a batch, in bytes; zero when it is of no account.</summary>
    internal virtual long Bytes => 0;

    /// <summary>Log entries that the work adds.</summary>
    internal virtual int Entries => 0;

    /// <summary>Whether there is anything to make durable.</summary>
    internal virtual bool ChangesTheStore => true;

    /// <summary>What became of the work, once it was taken; null as long as nothing went wrong.</summary>
    internal LogStoreException? Failure { get; set; }

    /// <summary>Why this work must change nothing, asked when it is taken into a batch; null when it may.</summary>
    internal virtual LogStoreException? Refusal() => null;

    /// <summary>Adds the work to the batch.</summary>
    internal abstract void Stage();

    /// <summary>The batch is durable.</summary>
    internal virtual void Committed()
    {
    }

    /// <summary>Tells whoever handed the work over; <see cref="Failure"/> says how it ended.</summary>
    internal abstract void Complete();
}

/// <summary>Work that somebody awaits.</summary>
internal abstract class AwaitedWork : GroupCommitWork
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal Task Done => _done.Task;

    internal override void Complete()
    {
        if (Failure is null)
        {
            _done.SetResult();
        }
        else
        {
            _done.SetException(Failure);
        }
    }
}

/// <summary>Changes nothing: it is done when everything that was queued before it is done.</summary>
internal sealed class Barrier : AwaitedWork
{
    internal override bool ChangesTheStore => false;

    internal override void Stage()
    {
    }
}

/// <summary>One <see cref="LogWrite"/> of one node.</summary>
internal sealed class NodeWrite(GroupCommitLogStore store, QueuedNodeLog log, LogWrite write, long bytes, ILogWriteCompletion completion)
    : GroupCommitWork
{
    internal override long Bytes => bytes;

    internal override int Entries => write.Entries.Count;

    internal override bool ChangesTheStore => write.Identity is not null || write.HardState is not null || write.Snapshot is not null || write.Entries.Count > 0;

    internal override LogStoreException? Refusal() => log.Claim.Loss();

    internal override void Stage() => store.Stage(log, write);

    internal override void Committed()
    {
        if (ChangesTheStore)
        {
            store.List(log);
        }

        if (write.Snapshot is { } snapshot)
        {
            store.SnapshotInForce(log, snapshot);
        }
    }

    internal override void Complete() => completion.Completed(write, Failure);
}

/// <summary>The end of everything that is stored for one node.</summary>
internal sealed class NodeDeletion(GroupCommitLogStore store, QueuedNodeLog log, GroupId? deletedGroup) : AwaitedWork
{
    internal override LogStoreException? Refusal() => log.Claim.Loss();

    internal override void Stage()
    {
        log.Claim.GiveUp();
        store.StageDeletion(log);
        if (deletedGroup is { } group)
        {
            store.StageTombstone(group);
        }
    }

    internal override void Committed()
    {
        store.Unlist(log);
        if (deletedGroup is { } group)
        {
            store.RememberDeleted(group);
        }
    }
}

/// <summary>The memory that one group was deleted.</summary>
internal sealed class GroupDeletion(GroupCommitLogStore store, GroupId group) : AwaitedWork
{
    internal override void Stage() => store.StageTombstone(group);

    internal override void Committed() => store.RememberDeleted(group);
}
