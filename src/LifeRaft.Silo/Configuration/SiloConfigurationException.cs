namespace LifeRaft.Silo;

/// <summary>The silo cannot be started with this configuration. What to do: correct what <see cref="Problems"/> names; nothing was started.</summary>
public sealed class SiloConfigurationException : Exception
{
    internal SiloConfigurationException(params IReadOnlyList<string> problems)
        : base(string.Join(Environment.NewLine, problems)) => Problems = problems;

    /// <summary>One sentence for each: where it is written, the key, the value and what to do.</summary>
    public IReadOnlyList<string> Problems { get; }
}
