namespace LifeRaft.Simulation;

/// <summary>A history that cannot be judged. What to do: correct the line that the message names.</summary>
internal sealed class HistoryFormatException(int line, string problem) : Exception($"line {line}: {problem}");
