// Locks with fencing tokens, and the interfaces of the DistributedLock package: dotnet run --project src/Samples/Locks
using System.Globalization;
using LifeRaft;
using LifeRaft.DistributedLock;
using LifeRaft.Samples;
using Medallion.Threading;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

var port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 11111;
var builder = Host.CreateApplicationBuilder();
builder.Logging.SetMinimumLevel(LogLevel.Error);
builder.UseOrleans(silo => silo
    .UseLocalhostClustering(port, port + 1)
    .Configure<SiloOptions>(options => options.SiloName = "silo-a")
    .AddLifeRaft(raft => raft
        .AddStateMachine<LockMachine>("locks")
        .UseInMemoryLog())); // One silo, in memory: for a sample. With three and UseRocksDbLog this survives them.
builder.Services
    .AddRaftDistributedLocks("locks/default")
    .AddSingleton<NightlyJobs>();
using var host = builder.Build();
await host.StartAsync();
var group = host.Services.GetRequiredService<IClusterClient>().GetRaftGroup("locks/default");
await group.Create(["1@silo-a"]);

// A lock alone cannot stop a host that stood still while it was lost. The token lets what is protected refuse it.
var directory = Directory.CreateTempSubdirectory("liferaft-locks-");
var files = new FileStore(directory.FullName);
var brief = new LockOptions { TimeToLive = TimeSpan.FromSeconds(1) };
var network = new Network(group);
await using (var hostA = new RaftLocks(network))
await using (var hostB = new RaftLocks(group))
{
    var first = await hostA.Acquire("report", brief);
    files.Write("report.txt", "by host-a", first.FencingToken);
    Console.WriteLine($"host-a has the lock, and wrote: {files.Read("report.txt")}.");

    network.IsCut = true;
    await using var second = await hostB.Acquire("report", brief);
    Console.WriteLine($"host-a was cut off, and knew that it lost the lock before host-b had it: {first.Lost.IsCancellationRequested}.");
    files.Write("report.txt", "by host-b", second.FencingToken);
    Console.WriteLine($"host-b has a larger token: {second.FencingToken > first.FencingToken}, and wrote: {files.Read("report.txt")}.");
    try
    {
        files.Write("report.txt", "by host-a, who did not look", first.FencingToken);
    }
    catch (StaleTokenException failure)
    {
        Console.WriteLine($"host-a wrote without a look at its lock, and was refused: {failure.Message}");
    }

    network.IsCut = false;
}

// The same locks by the interfaces of the package, for code that knows nothing of LifeRaft.
var jobs = host.Services.GetRequiredService<NightlyJobs>();
var ran = await jobs.TryRun("billing", async _ => Console.WriteLine($"billing runs; a second time at once: {await jobs.TryRun("billing", _ => Task.CompletedTask)}."));
Console.WriteLine($"It ran: {ran}, and can run again: {await jobs.TryRun("billing", _ => Task.CompletedTask)}.");
using (jobs.TryBeginUpload())
using (jobs.TryBeginUpload())
{
    Console.WriteLine($"Two upload; a third may: {jobs.TryBeginUpload() is not null}.");
}

// The package has no word for the token, its handles have.
await using (var handle = await host.Services.GetRequiredService<IDistributedLockProvider>().AcquireLockAsync("report"))
{
    files.Write("report.txt", "by a handle of the package", ((RaftDistributedLockHandle)handle).FencingToken);
    Console.WriteLine($"Its handle's token is the largest now, so it wrote: {files.Read("report.txt")}.");
}

directory.Delete(recursive: true);
await host.StopAsync();
