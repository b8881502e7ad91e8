using LifeRaft.Hosting.Tests.Storage;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Health;

public sealed class StoppedStoreTests
{
    [Fact]
    public async Task A_log_store_that_has_stopped_is_reason_to_restart_the_process()
    {
        await using var store = new GroupCommitLogStoreTests.GatedStore();
        await store.Open(TestContext.Current.CancellationToken);
        var silo = new SiloRaft(store, null!, new PeerInbox(), null!, null!, new NodeSessions(), null!, null!, null!, null!, null!, new OptionsWrapper<RaftOptions>(new RaftOptions()), TimeProvider.System, null!, NullLogger<SiloRaft>.Instance);
        Assert.Equal(HealthStatus.Healthy, (await Check(new LiveHealthCheck(silo))).Status);

        store.FailFromNowOn(new IOException("No space left on device"));
        var write = (await store.Claim("g/1")).Durable(Entries(1, 1));
        store.OpenGate();
        await Assert.ThrowsAsync<LogStoreStoppedException>(() => write);
        foreach (var check in new IHealthCheck[] { new LiveHealthCheck(silo), new ReadyHealthCheck(silo, new FirstService(TimeProvider.System)) })
        {
            var result = await Check(check);
            Assert.Equal(HealthStatus.Unhealthy, result.Status);
            Assert.Contains("No space left on device", result.Description!, StringComparison.Ordinal);
        }
    }

    private static Task<HealthCheckResult> Check(IHealthCheck check) => check.CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
}
