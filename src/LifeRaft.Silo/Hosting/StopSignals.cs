using System.Runtime.InteropServices;

namespace LifeRaft.Silo;

/// <summary>
/// SIGTERM, SIGINT and SIGQUIT stop the silo in order; a second one, or the end of the grace period, ends the process where it is. Nothing that
/// was acknowledged is lost then: it is on the disks of a majority.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly IHostApplicationLifetime _lifetime;
    private readonly TimeSpan _gracePeriod;
    private readonly TextWriter _error;
    private readonly ITimer _end;
    private readonly List<PosixSignalRegistration> _registrations;
    private int _count;

    public StopSignals(IHostApplicationLifetime lifetime, TimeSpan gracePeriod, TimeProvider time, TextWriter error)
    {
        (_lifetime, _gracePeriod, _error) = (lifetime, gracePeriod, error);
        _end = time.CreateTimer(_ => End($"The grace period of {Duration.Format(gracePeriod)} is over"), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _registrations = [.. new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGQUIT }.Select(signal => PosixSignalRegistration.Create(signal, Heard))];
    }

    /// <summary>Whether the silo was told to stop.</summary>
    public bool HasCome => Volatile.Read(ref _count) > 0;

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _end.Dispose();
    }

    private void Heard(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) > 1)
        {
            End("A second signal came");
            return;
        }

        _end.Change(_gracePeriod, Timeout.InfiniteTimeSpan);
        _lifetime.StopApplication();
    }

    private void End(string reason)
    {
        _error.WriteLine($"{reason} before the silo had left the cluster in order: it ends now, and the others will notice.");
        Environment.Exit(SiloProgram.Hurried);
    }
}
