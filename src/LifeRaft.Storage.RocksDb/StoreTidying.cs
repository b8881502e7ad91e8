using LifeRaft.Hosting;

namespace LifeRaft.Storage.RocksDb;

/// <summary>
/// Gives back the room of what nobody needs any more, off the writer's thread. Nobody waits for it, and what cannot be done now is done
/// at the next claim or start. Used by the store's writer only.
/// </summary>
/// <remarks>
/// What was deleted by range takes room until its table files are rewritten, and those hold the entries of many nodes. So ranges collect
/// until the table files are twice as large as the last compaction left them: what is rewritten then is of the order of what was written
/// since. A whole node is worth a compaction at once. Files of snapshots wait for neither.
/// </remarks>
/// <param name="reads">Keeps the files open meanwhile.</param>
/// <param name="tables">The table files.</param>
/// <param name="slackBytes">Growth of the table files that is worth no compaction.</param>
/// <param name="failed">Hears of what could not be done.</param>
internal sealed class StoreTidying(ReadGate reads, StoreTidying.ITables tables, long slackBytes, Action<Exception> failed)
{
    private readonly Lock _gate = new();
    private Task _removals = Task.CompletedTask;

    // Guarded by _gate.
    private (byte[] From, byte[] To)? _waiting;
    private bool _isUrgent;
    private bool _isCompacting;

    // Touched by the one who compacts.
    private long _bytesLeft;

    /// <summary>What is compacted.</summary>
    internal interface ITables
    {
        /// <summary>Length of all table files.</summary>
        long Bytes { get; }

        /// <summary>Rewrites those of a range of keys.</summary>
        void Compact(byte[] from, byte[] to);
    }

    /// <summary>Removes something, after what was to be removed before.</summary>
    internal void Remove(Action removal) => _removals = _removals.ContinueWith(_ => Do(removal), TaskScheduler.Default);

    /// <summary>Compacts a range of keys, when it is worth it or at once.</summary>
    internal void Compact(byte[] from, byte[] to, bool atOnce = false)
    {
        lock (_gate)
        {
            _isUrgent |= atOnce;
            _waiting = _waiting is { } waiting ? (IsBefore(from, waiting.From) ? from : waiting.From, IsBefore(to, waiting.To) ? waiting.To : to) : (from, to);
            if (_isCompacting)
            {
                return;
            }

            _isCompacting = true;
        }

        _ = Task.Run(CompactWaiting);
    }

    private void CompactWaiting()
    {
        while (true)
        {
            var isDue = false;
            Do(() => isDue = tables.Bytes >= (2 * _bytesLeft) + slackBytes);
            (byte[] From, byte[] To) range;
            lock (_gate)
            {
                if (_waiting is not { } waiting || !(isDue || _isUrgent))
                {
                    _isCompacting = false;
                    return;
                }

                (range, _waiting, _isUrgent) = (waiting, null, false);
            }

            Do(() =>
            {
                tables.Compact(range.From, range.To);
                _bytesLeft = tables.Bytes;
            });
        }
    }

    private void Do(Action action)
    {
        if (!reads.TryEnter())
        {
            return;
        }

        try
        {
            action();
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            failed(failure);
        }
        finally
        {
            reads.Leave();
        }
    }

    private static bool IsBefore(byte[] one, byte[] other) => one.AsSpan().SequenceCompareTo(other) < 0;
}
