namespace LifeRaft.Cli;

/// <summary>No silo could be reached. The message says what was tried, and what to do.</summary>
internal sealed class UnreachableException(string message) : Exception(message);
