using Microsoft.Extensions.Hosting;

namespace LifeRaft.Cli;

/// <summary>A host that listens to no signals: they are the tool's own business.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
