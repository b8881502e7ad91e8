using LifeRaft.Hosting;
using Orleans.Runtime.Messaging;

namespace LifeRaft.Cli;

/// <summary>Which exit code a failure has, and how it is said: one line, which tells what to do next.</summary>
internal static class Failures
{
    /// <summary>The code and the line; null for a failure that nobody foresaw.</summary>
    public static (int Code, string Message)? Explain(Exception failure) => failure switch
    {
        MisuseException or InvalidNameException => (ExitCodes.Misused, failure.Message),
        ProgramNotFoundException => (ChildProcess.NotFound, failure.Message),
        InterruptedException => (ExitCodes.Interrupted, failure.Message),
        UnreachableException or ClusterUnreachableException => (ExitCodes.Unreachable, failure.Message),
        OutcomeUnknownException => (ExitCodes.OutcomeUnknown, failure.Message),
        GroupUnavailableException => (ExitCodes.NoLeader, failure.Message),
        RaftException or LogStoreException or KeyValueCompactedException => (ExitCodes.Failed, failure.Message),
        GatewayTooBusyException => (ExitCodes.Failed, $"The silo refused it, because it has too much to do: {failure.Message} Nothing was done. Try again later, or through another gateway."),
        OrleansException or ConnectionFailedException => (ExitCodes.OutcomeUnknown, $"The silo that was asked went away before it answered: {failure.Message} Look at the silos, and at whether it was done, then try again."),
        TimeoutException => (ExitCodes.OutcomeUnknown, $"No answer came in time: {failure.Message}"),
        FormatException or InvalidDataException or IOException or UnauthorizedAccessException => (ExitCodes.Failed, failure.Message),
        _ => null,
    };
}
