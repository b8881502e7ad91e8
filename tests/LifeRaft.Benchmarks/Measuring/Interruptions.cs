namespace LifeRaft.Benchmarks;

/// <summary>How long writes were interrupted, time and again.</summary>
/// <param name="name">By what.</param>
/// <param name="goal">How long the median is to be at most.</param>
internal sealed class Interruptions(string name, TimeSpan goal)
{
    private readonly List<TimeSpan> _all = [];

    public string Name => name;

    public TimeSpan Goal => goal;

    public int Count => _all.Count;

    public TimeSpan Median => _all.Order().ElementAt(_all.Count / 2);

    public TimeSpan Longest => _all.Max();

    public int Sent { get; private set; }

    public int Failed => Failures.Values.Sum();

    /// <summary>What was said of writes that failed or are of unknown outcome, and how often.</summary>
    public Dictionary<string, int> Failures { get; } = [];

    public void Add(TimeSpan interruption, OpenLoop writes)
    {
        _all.Add(interruption);
        Sent += writes.Sent;
        foreach (var (text, count) in writes.Failures)
        {
            Failures[text] = Failures.GetValueOrDefault(text) + count;
        }
    }
}
