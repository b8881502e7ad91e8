using System.Buffers.Binary;
using System.Diagnostics;

namespace LifeRaft.Cli;

/// <summary>What a client knows of a write.</summary>
internal enum WriteOutcome
{
    /// <summary>Nothing: no answer came, or one that says so. Reading tells.</summary>
    Unknown,

    /// <summary>It is written.</summary>
    Acknowledged,

    /// <summary>The key was there before. Nobody else writes it, so the command was applied twice.</summary>
    Refused,
}

/// <summary>
/// Every write that was sent, and what came back: the demo's own memory, to which the group is compared at the end. Each write has a
/// number of its own, and with it a key and a value that nobody else writes.
/// </summary>
internal sealed class WriteLedger
{
    private const int ValueBytes = 256;

    private readonly Lock _lock = new();
    private readonly List<WriteOutcome> _outcomes = [];
    private readonly TaskCompletionSource<long> _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _interrupted = long.MaxValue;
    private volatile int _acknowledged;

    public int Acknowledged => _acknowledged;

    public int Sent
    {
        get
        {
            lock (_lock)
            {
                return _outcomes.Count;
            }
        }
    }

    public static string KeyOf(int write) => $"demo-{write:D8}";

    /// <summary>Differs from write to write in every eight bytes, so that a mixture of two values is noticed.</summary>
    public static byte[] ValueOf(int write)
    {
        var value = new byte[ValueBytes];
        var word = (ulong)write + 1;
        for (var offset = 0; offset < ValueBytes; offset += sizeof(ulong))
        {
            word = unchecked((word ^ (word >> 29)) * 0xBF58476D1CE4E5B9);
            BinaryPrimitives.WriteUInt64LittleEndian(value.AsSpan(offset), word);
        }

        return value;
    }

    /// <summary>Notes that a write is about to be sent. Until <see cref="End"/> its outcome is unknown.</summary>
    public int Begin()
    {
        lock (_lock)
        {
            _outcomes.Add(WriteOutcome.Unknown);
            return _outcomes.Count - 1;
        }
    }

    public void End(int write, WriteOutcome outcome, long sent)
    {
        lock (_lock)
        {
            _outcomes[write] = outcome;
            if (outcome == WriteOutcome.Acknowledged)
            {
                _acknowledged++;
                if (sent > _interrupted)
                {
                    _resumed.TrySetResult(Stopwatch.GetTimestamp());
                }
            }
        }
    }

    /// <summary>
    /// When the first write is acknowledged that was sent after now. To be called when the leader has just fallen silent: an earlier
    /// write may have its answer still under way, a later one can have it from the next leader only.
    /// </summary>
    public Task<long> FirstFromNextLeader()
    {
        lock (_lock)
        {
            _interrupted = Stopwatch.GetTimestamp();
            return _resumed.Task;
        }
    }

    public IReadOnlyList<WriteOutcome> Outcomes()
    {
        lock (_lock)
        {
            return [.. _outcomes];
        }
    }
}
