using Orleans.Runtime.Messaging;

namespace LifeRaft.Cli;

/// <summary>
/// Requests that go straight to one node. No route finds the leader for them or tells what came of them: when the silo goes away under
/// way, that is said here.
/// </summary>
internal static class DirectRequest
{
    /// <summary>A request that changes nothing.</summary>
    /// <param name="node">The node's address.</param>
    /// <param name="request">The request.</param>
    /// <exception cref="NodeUnavailableException">The node's silo went away before it answered.</exception>
    public static async Task<T> Read<T>(string node, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (Exception failure) when (IsWithoutAnswer(failure))
        {
            throw new NodeUnavailableException($"The silo of {node} went away before it answered ({Reason(failure)}). Look at it with 'liferaft status', and try again or ask another node with --node.");
        }
    }

    /// <summary>A request that changes something.</summary>
    /// <param name="node">The node's address.</param>
    /// <param name="what">What is asked for, as the subject of a sentence about it.</param>
    /// <param name="request">The request.</param>
    /// <exception cref="OutcomeUnknownException">It may have been carried out.</exception>
    public static async Task<T> Change<T>(string node, string what, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (Exception failure) when (IsWithoutAnswer(failure))
        {
            throw new OutcomeUnknownException($"{what} may or may not have been carried out: the silo of {node} went away before it answered ({Reason(failure)}). Look at it with 'liferaft status' before you repeat it.");
        }
    }

    /// <summary>Whether the request was sent, perhaps, and nothing is known of what came of it.</summary>
    private static bool IsWithoutAnswer(Exception failure) =>
        failure is OrleansException or ConnectionFailedException or TimeoutException or EnumerationAbortedException && failure is not GatewayTooBusyException;

    private static string Reason(Exception failure) => failure.Message.Split('\n')[0].TrimEnd('\r', ' ', '.');
}
