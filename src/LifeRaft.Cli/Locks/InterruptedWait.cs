using System.Runtime.InteropServices;

namespace LifeRaft.Cli;

/// <summary>Gives up waiting when a signal comes, as long as there is no program that it is passed on to.</summary>
internal sealed class InterruptedWait : IDisposable
{
    private readonly CancellationTokenSource _interrupted;
    private readonly List<PosixSignalRegistration> _registrations = [];

    public InterruptedWait(CancellationToken cancellationToken)
    {
        _interrupted = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP, PosixSignal.SIGQUIT })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _ = _interrupted.CancelAsync();
            }));
        }
    }

    /// <summary>Waits.</summary>
    /// <exception cref="InterruptedException">A signal came.</exception>
    public async Task<T> For<T>(Func<CancellationToken, Task<T>> wait)
    {
        try
        {
            return await wait(_interrupted.Token);
        }
        catch (OperationCanceledException) when (_interrupted.IsCancellationRequested)
        {
            throw new InterruptedException();
        }
    }

    public void Dispose()
    {
        _registrations.ForEach(registration => registration.Dispose());
        _interrupted.Dispose();
    }
}

/// <summary>A signal came, and nothing was done.</summary>
internal sealed class InterruptedException() : Exception("Interrupted.");
