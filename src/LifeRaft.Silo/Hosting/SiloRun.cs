namespace LifeRaft.Silo;

/// <summary>The life of the executable's silo, from its start to the signal that stops it.</summary>
internal static class SiloRun
{
    public static async Task<int> Run(SiloConfiguration configuration, TextWriter error)
    {
        await using var application = LifeRaftSilo.Create(configuration);
        using var signals = new StopSignals(application.Lifetime, configuration.Silo.GracePeriod, TimeProvider.System, error);
        try
        {
            await application.StartAsync();
        }
        catch (Exception failure) when (signals.HasCome && IsCancellation(failure))
        {
            // It was stopped before it had joined: there is nothing to leave, and what was opened is closed with the host.
            return SiloProgram.Done;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            await error.WriteLineAsync($"{configuration.Silo.Name} did not start: {StartFailure.Describe(failure, configuration)}");
            return SiloProgram.Failed;
        }

        try
        {
            await application.WaitForShutdownAsync();
            return SiloProgram.Done;
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            await error.WriteLineAsync($"{configuration.Silo.Name} did not leave in order: {StartFailure.Describe(failure, configuration)}");
            return SiloProgram.Hurried;
        }
    }

    /// <summary>Orleans looks at the cancellation between its stages, too, and has an exception of its own for it.</summary>
    public static bool IsCancellation(Exception failure) => failure is OperationCanceledException or OrleansLifecycleCanceledException;
}
