namespace LifeRaft.Silo;

/// <summary>The settings are in order, but the silo cannot be started here and now. What to do: what the message says.</summary>
public sealed class SiloStartException : Exception
{
    internal SiloStartException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
