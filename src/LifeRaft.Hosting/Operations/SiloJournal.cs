namespace LifeRaft.Hosting;

/// <summary>What happened on this silo, as far as it remembers: the last entries, oldest first. Used from any thread.</summary>
internal sealed class SiloJournal(ILocalSiloDetails silo, TimeProvider time)
{
    private const int Capacity = 4096;

    private readonly Lock _lock = new();
    private readonly Queue<JournalEntry> _entries = new(Capacity);
    private long _last;

    /// <summary>When this silo started.</summary>
    public DateTimeOffset Started { get; } = time.GetUtcNow();

    public void Add(JournalKind kind, string text) => Add(new JournalEntry { Silo = silo.Name, Kind = kind, Text = text });

    public void Add(JournalEntry entry)
    {
        lock (_lock)
        {
            if (_entries.Count == Capacity)
            {
                _entries.Dequeue();
            }

            _entries.Enqueue(entry with { Silo = silo.Name, Number = ++_last, At = time.GetUtcNow() });
        }
    }

    /// <summary>The entries after a number, and the number of the last one that there is.</summary>
    public (IReadOnlyList<JournalEntry> Entries, long Last) After(long number)
    {
        lock (_lock)
        {
            return ([.. _entries.SkipWhile(entry => entry.Number <= number)], _last);
        }
    }

    /// <summary>How many elections each node began since then, by group and address.</summary>
    public IReadOnlyDictionary<(string Group, string Node), int> ElectionsSince(DateTimeOffset since)
    {
        lock (_lock)
        {
            return _entries
                .Where(entry => entry.Kind == JournalKind.ElectionStarted && entry.At >= since)
                .CountBy(entry => (entry.Group, entry.Node))
                .ToDictionary(count => count.Key, count => count.Value);
        }
    }
}
