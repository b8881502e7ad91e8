namespace LifeRaft.Silo;

/// <summary>The life of the executable's silo, from its start to the signal that stops it.</summary>
internal static class SiloRun
{
    /// <summary>For what the host still has to close when it did not start or did not stop in order.</summary>
    private static readonly TimeSpan _closing = TimeSpan.FromSeconds(5);

    public static async Task<int> Run(SiloConfiguration configuration, TextWriter error)
    {
        var application = LifeRaftSilo.Create(configuration);
        using var signals = new StopSignals(application.Lifetime, configuration.Silo.GracePeriod, TimeProvider.System, error);
        var (exitCode, problem) = await Live(application, configuration, signals);

        if (problem is null)
        {
            await application.DisposeAsync();
            return exitCode;
        }

        // The reason is said last of all: what is in the console's log yet is written when the host is closed.
        await application.DisposeAsync().AsTask().WaitAsync(_closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await error.WriteLineAsync(problem);
        return exitCode;
    }

    private static async Task<(int ExitCode, string? Problem)> Live(WebApplication application, SiloConfiguration configuration, StopSignals signals)
    {
        try
        {
            await application.StartAsync();
        }
        catch (Exception failure) when (signals.HasCome && IsCancellation(failure))
        {
            // It was stopped before it had joined: there is nothing to leave, and what was opened is closed with the host.
            return (SiloProgram.Done, null);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return (SiloProgram.Failed, $"{configuration.Silo.Name} did not start: {StartFailure.Describe(failure, configuration)}");
        }

        try
        {
            await application.WaitForShutdownAsync();
            return (SiloProgram.Done, null);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return (SiloProgram.Hurried, $"{configuration.Silo.Name} did not leave in order: {StartFailure.Describe(failure, configuration)}");
        }
    }

    /// <summary>Orleans looks at the cancellation between its stages, too, and has an exception of its own for it.</summary>
    public static bool IsCancellation(Exception failure) => failure is OperationCanceledException or OrleansLifecycleCanceledException;
}
