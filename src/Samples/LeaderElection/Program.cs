// A hosted service that works on one host at a time: dotnet run --project src/Samples/LeaderElection
using System.Globalization;
using LifeRaft;
using LifeRaft.Samples;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Configuration;

var port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 11111;
var silo = Host.CreateApplicationBuilder();
silo.Logging.SetMinimumLevel(LogLevel.Error);
silo.UseOrleans(orleans => orleans
    .UseLocalhostClustering(port, port + 1)
    .Configure<SiloOptions>(options => options.SiloName = "silo-a")
    .AddLifeRaft(raft => raft
        .AddStateMachine<LockMachine>("locks")
        .AddGroup("locks/default", members: 1) // 3 with three silos.
        .UseInMemoryLog())); // UseRocksDbLog to survive them.
using var siloHost = silo.Build();
await siloHost.StartAsync();

// Two hosts that could do the work. Silos could do it just as well: AddRaftLocks and AddHostedService on each.
var work = new WorkLog();
using var first = Worker("first");
using var second = Worker("second");
await first.StartAsync();
var before = await work.Next();
Console.WriteLine($"{before.Host} works, with a fencing token.");

await second.StartAsync();
await first.StopAsync();
var after = await work.Next();
Console.WriteLine($"{before.Host} was stopped, {after.Host} works, with a larger token: {after.Token > before.Token}.");

var leader = await second.Services.GetRequiredService<LeaderElection>().Leader();
Console.WriteLine($"Anybody can ask who leads: {leader!.Candidate}.");
await second.StopAsync();
await siloHost.StopAsync();

IHost Worker(string name)
{
    var worker = Host.CreateApplicationBuilder();
    worker.Logging.SetMinimumLevel(LogLevel.Error);
    worker.UseOrleansClient(client => client.UseLocalhostClustering(port + 1));
    worker.Services
        .AddRaftLocks("locks/default")
        .AddSingleton(services => new LeaderElection(services.GetRequiredService<RaftLocks>(), Billing.Election))
        .AddSingleton(work)
        .AddSingleton(new LeaderServiceOptions { Candidate = name })
        .AddHostedService<Billing>();
    return worker.Build();
}
