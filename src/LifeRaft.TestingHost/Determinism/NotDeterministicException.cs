namespace LifeRaft.TestingHost;

/// <summary>
/// A state machine would not stay the same on all members of its group. The message says at which command its replays part, in what, and
/// why that is likely.
/// </summary>
/// <param name="message">All of that.</param>
public sealed class NotDeterministicException(string message) : Exception(message);
