namespace LifeRaft;

/// <summary>A group name, node address or node key is malformed. What to do: correct it; nothing was done.</summary>
[GenerateSerializer]
public sealed class InvalidNameException(string message) : RaftException(message);
