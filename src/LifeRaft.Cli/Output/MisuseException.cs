namespace LifeRaft.Cli;

/// <summary>The command line, or the environment that completes it, is wrong. Nothing was done. The message says what to write.</summary>
internal sealed class MisuseException(string message) : Exception(message);
