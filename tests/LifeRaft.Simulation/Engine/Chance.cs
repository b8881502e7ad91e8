namespace LifeRaft.Simulation;

/// <summary>All chance of a run comes from one seed, drawn in the order of the events.</summary>
internal sealed class Chance(int seed)
{
    private readonly Random _random = new(seed);

    public bool Happens(double probability) => probability > 0 && _random.NextDouble() < probability;

    /// <summary>From the first to the second number, both included.</summary>
    public int Between(int least, int most) => _random.Next(least, most + 1);

    public TimeSpan Between(TimeSpan least, TimeSpan most) => new(_random.NextInt64(least.Ticks, most.Ticks + 1));

    public TimeSpan Milliseconds(double least, double most) =>
        Between(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most));

    public T OneOf<T>(IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    public Guid NewId()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes);
    }

    /// <summary>A generator of its own, for a node.</summary>
    public Random Branch() => new(_random.Next());
}
