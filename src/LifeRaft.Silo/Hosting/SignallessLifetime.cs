namespace LifeRaft.Silo;

/// <summary>A host that ends when it is told to, and not by signals: a process may have several.</summary>
internal sealed class SignallessLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
