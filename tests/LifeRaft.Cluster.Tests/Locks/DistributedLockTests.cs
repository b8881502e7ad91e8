using System.Diagnostics;
using LifeRaft.DistributedLock;
using Medallion.Threading;
using Microsoft.Extensions.DependencyInjection;

namespace LifeRaft.Cluster.Tests.Locks;

/// <summary>Code that is written against the DistributedLock.Core package, on silos and on a client of them.</summary>
public sealed class DistributedLockTests
{
    private static CancellationToken Stopped => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Services_that_know_only_the_package_work_unchanged_on_silos_and_clients()
    {
        await using var cluster = await Start();
        await cluster.Create("locks/default");
        await using var client = Client(cluster, "locks/default");
        var (here, there) = (client.GetRequiredService<ExclusiveJobs>(), ActivatorUtilities.CreateInstance<ExclusiveJobs>(cluster.Services(1)));

        var ran = await here.TryRun("nightly", async _ => Assert.False(await there.TryRun("nightly", _ => Task.CompletedTask, Stopped)), Stopped);
        Assert.True(ran);
        Assert.True(await there.TryRun("nightly", _ => Task.CompletedTask, Stopped));

        var document = 0;
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => (i % 2 == 0 ? here : there).Write("document", () => document++), Stopped)));
        Assert.Equal(10, there.Read("document", () => document));

        var (uploading, most) = (0, 0);
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => (i % 2 == 0 ? here : there).Upload(2, Upload, Stopped)));
        Assert.InRange(most, 1, 2);

        async Task Upload()
        {
            var now = Interlocked.Increment(ref uploading);
            most = Math.Max(most, now);
            await Task.Yield();
            Interlocked.Decrement(ref uploading);
        }
    }

    [Fact]
    public async Task A_job_is_cancelled_before_it_runs_elsewhere_when_its_host_is_cut_off()
    {
        await using var cluster = await Start();
        var group = await cluster.Create("locks/default");
        var severed = new SeveredCommands(group);
        var provider = new RaftDistributedLockProvider(new RaftLocks(severed), new LockOptions { TimeToLive = TimeSpan.FromSeconds(2) });
        var jobs = new ExclusiveJobs(provider, provider, provider);
        var (started, cancelled) = (new TaskCompletionSource(), new TaskCompletionSource());
        var job = jobs.TryRun(
            "nightly",
            async lost =>
            {
                await using var registration = lost.Register(cancelled.SetResult);
                started.SetResult();
                await cancelled.Task;
            },
            Stopped);
        await started.Task;

        await using var others = new RaftLocks(group);
        var next = others.Acquire("nightly", cancellationToken: Stopped);
        severed.IsSevered = true;
        await using var taken = await next.WaitAsync(Wait.Patience, Stopped);
        Assert.True(cancelled.Task.IsCompleted);
        severed.IsSevered = false;
        Assert.True(await job);
    }

    [Fact]
    public async Task Each_group_is_to_be_had_by_its_name_and_the_first_without()
    {
        await using var cluster = await Start();
        await cluster.Create("locks/default");
        await cluster.Create("locks/billing");
        await using var client = Client(cluster, "locks/default", "locks/default", "locks/billing");
        var first = client.GetRequiredService<RaftDistributedLockProvider>();
        Assert.Same(first, client.GetRequiredService<IDistributedLockProvider>());
        Assert.Same(first, client.GetRequiredService<IDistributedReaderWriterLockProvider>());
        Assert.Same(first, client.GetRequiredService<IDistributedUpgradeableReaderWriterLockProvider>());
        Assert.Same(first, client.GetRequiredService<IDistributedSemaphoreProvider>());
        Assert.Same(first, client.GetRequiredKeyedService<IDistributedLockProvider>("locks/default"));

        var billing = client.GetRequiredKeyedService<IDistributedLockProvider>("locks/billing");
        using var here = first.AcquireLock("nightly", cancellationToken: Stopped);
        using var there = billing.TryAcquireLock("nightly", cancellationToken: Stopped);
        Assert.NotNull(there);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_host_forgot_to_release_is_free_when_its_services_are_disposed_of(bool isBlocking)
    {
        await using var cluster = await Start();
        var group = await cluster.Create("locks/default");
        var client = Client(cluster, "locks/default");
        var forgotten = await client.GetRequiredService<IDistributedLockProvider>().AcquireLockAsync("nightly", cancellationToken: Stopped);
        if (isBlocking)
        {
            client.Dispose();
        }
        else
        {
            await client.DisposeAsync();
        }

        Assert.True(forgotten.HandleLostToken.IsCancellationRequested);
        await using var locks = new RaftLocks(group);
        await using var handle = await locks.TryAcquire("nightly", TimeSpan.Zero, cancellationToken: Stopped);
        Assert.NotNull(handle);
    }

    [Fact]
    public async Task A_silo_stops_though_its_services_hold_locks_and_they_are_free_after_their_time_to_live()
    {
        await using var cluster = await Start();
        var group = await cluster.Create("locks/default");
        var stopped = RaftCluster.SiloOf((await cluster.Leader(group)).Address);
        var provider = cluster.Services(stopped).GetRequiredService<IDistributedLockProvider>();
        var forgotten = await provider.AcquireLockAsync("nightly", cancellationToken: Stopped);
        var watch = Stopwatch.StartNew();
        await cluster.Stop(stopped);
        TestContext.Current.TestOutputHelper?.WriteLine($"The silo stopped within {watch.ElapsedMilliseconds} ms.");
        await using var locks = cluster.From(cluster.Running.First()).GetRaftLocks("locks/default");
        await using var handle = await locks.Acquire("nightly", cancellationToken: Stopped).WaitAsync(Wait.Patience, Stopped);
        TestContext.Current.TestOutputHelper?.WriteLine($"Another had the lock after {watch.ElapsedMilliseconds} ms.");
        Assert.True(forgotten.HandleLostToken.IsCancellationRequested);
    }

    private static ServiceProvider Client(RaftCluster cluster, params string[] groups)
    {
        // What a host with an Orleans client has among its services.
        var grains = ((IClusterClient)cluster.Client).ServiceProvider.GetRequiredService<IGrainFactory>();
        var services = new ServiceCollection().AddSingleton(grains).AddSingleton<ExclusiveJobs>();
        foreach (var group in groups)
        {
            services.AddRaftDistributedLocks(group);
        }

        return services.BuildServiceProvider();
    }

    private static Task<RaftCluster> Start() => RaftCluster.Start(3, raft => raft
        .AddStateMachine<LockMachine>("locks").Services.AddRaftDistributedLocks("locks/default", new LockOptions { TimeToLive = TimeSpan.FromSeconds(5) }));
}
