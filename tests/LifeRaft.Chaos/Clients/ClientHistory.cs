using System.Diagnostics;
using LifeRaft.Simulation;

namespace LifeRaft.Chaos;

/// <summary>What clients did and were told, in the order in which it happened.</summary>
internal sealed class ClientHistory
{
    // Guarded by _gate.
    private readonly Lock _gate = new();
    private readonly List<HistoryEvent> _events = [];
    private readonly List<string> _surprises = [];
    private readonly Dictionary<string, KeyRecord> _keys = new(StringComparer.Ordinal);
    private readonly List<(long Begun, TaskCompletionSource<long> Seen)> _waiting = [];
    private int _processes;
    private long _values;

    /// <summary>Operations that ended so, by what the history calls it.</summary>
    public int CountOf(EventKind kind) => Locked(() => _events.Count(one => one.Kind == kind));

    public IReadOnlyList<HistoryEvent> Events => Locked(() => _events.ToList());

    /// <summary>What clients saw that they must not see.</summary>
    public IReadOnlyList<string> Surprises => Locked(() => _surprises.ToList());

    public IReadOnlyDictionary<string, KeyRecord> Keys => Locked(() => new Dictionary<string, KeyRecord>(_keys));

    public int NewProcess() => Interlocked.Increment(ref _processes);

    /// <summary>Of no two writes.</summary>
    public long NewValue() => Interlocked.Increment(ref _values);

    public Pending Begin(int process, OperationKind kind, string key, string? value = null, string? expected = null) => Locked(() =>
    {
        Add(process, EventKind.Invoke, kind, key, value, expected);
        KeyOf(key);
        return new Pending(process, kind, key, value, expected, Stopwatch.GetTimestamp());
    });

    /// <summary>It was answered: a read by what it found, a change by the version that it made; a change that was not made has none.</summary>
    public void Answered(Pending pending, string? value, long version) => Locked(() =>
    {
        var isMade = pending.Kind == OperationKind.Read || version > 0;
        Add(pending.Process, isMade ? EventKind.Ok : EventKind.Fail, pending.Kind, pending.Key, value, pending.Expected);
        var key = KeyOf(pending.Key);
        key.Applied += pending.Kind == OperationKind.Read ? 0 : 1;
        if (pending.Kind != OperationKind.Read && isMade)
        {
            if (!key.Acknowledged.TryAdd(version, value!))
            {
                _surprises.Add($"{pending.Key}: version {version} was given to two writes, {key.Acknowledged[version]} and {value}");
            }

            Progressed(pending.Begun);
        }

        return Sees(pending.Key, version, value);
    });

    /// <summary>It had no effect.</summary>
    public void Refused(Pending pending) => Locked(() => Add(pending.Process, EventKind.Fail, pending.Kind, pending.Key, pending.Value, pending.Expected));

    /// <summary>Nobody knows whether it had an effect; its process does nothing more.</summary>
    public void Unknown(Pending pending) => Locked(() =>
    {
        KeyOf(pending.Key).Unknown++;
        return Add(pending.Process, EventKind.Info, pending.Kind, pending.Key, pending.Value, pending.Expected);
    });

    /// <summary>Somebody saw that key with that version: there is one value for it, for ever.</summary>
    public void Saw(string key, long version, string? value) => Locked(() => Sees(key, version, value));

    public void Surprise(string what) => Locked(() =>
    {
        _surprises.Add(what);
        return true;
    });

    /// <summary>When the first write was acknowledged that began at this moment or later, as a timestamp.</summary>
    public Task<long> Acknowledged(long begun) => Locked(() =>
    {
        var seen = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Add((begun, seen));
        return seen.Task;
    });

    private bool Sees(string name, long version, string? value)
    {
        if (version == 0 || KeyOf(name).Values.TryAdd(version, value!) || KeyOf(name).Values[version] == value)
        {
            return true;
        }

        _surprises.Add($"{name}: version {version} was seen as {KeyOf(name).Values[version]} and as {value}");
        return false;
    }

    private void Progressed(long begun)
    {
        foreach (var (_, seen) in _waiting.Where(waiting => waiting.Begun <= begun))
        {
            seen.SetResult(Stopwatch.GetTimestamp());
        }

        _waiting.RemoveAll(waiting => waiting.Begun <= begun);
    }

    private bool Add(int process, EventKind kind, OperationKind operation, string key, string? value, string? expected)
    {
        _events.Add(new HistoryEvent(_events.Count + 1, process, kind, operation, key, value, expected));
        return true;
    }

    private KeyRecord KeyOf(string name)
    {
        if (!_keys.TryGetValue(name, out var key))
        {
            _keys[name] = key = new KeyRecord();
        }

        return key;
    }

    private T Locked<T>(Func<T> action)
    {
        lock (_gate)
        {
            return action();
        }
    }

    /// <summary>What is known of a key.</summary>
    public sealed class KeyRecord
    {
        /// <summary>The value of each version that anybody saw.</summary>
        public Dictionary<long, string> Values { get; } = [];

        /// <summary>The writes that were acknowledged, by the version that they made.</summary>
        public Dictionary<long, string> Acknowledged { get; } = [];

        /// <summary>Writes and compare-and-swaps of unknown outcome.</summary>
        public int Unknown { get; set; }

        /// <summary>Commands that were answered, the compare-and-swaps that changed nothing included.</summary>
        public int Applied { get; set; }
    }
}
