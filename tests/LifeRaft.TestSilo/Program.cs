using LifeRaft;
using LifeRaft.Hosting;
using LifeRaft.TestSilo;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using Orleans.Configuration;
using Orleans.Hosting;

// LifeRaft.TestSilo --name silo-1 --port 20001 [--gateway 20002] --primary 127.0.0.1:20000 --data directory [--log rocksdb|memory|early]
// [--snapshot-after 100000] [--locks kept|used|worked|byWallClock] [--clustering silo-1=127.0.0.1:20010,...] [--cluster processes]
// [--evicts true]
var arguments = SiloArguments.Parse(args);
var links = new LinkFaults();
var device = new FaultyDevice();
var orders = new Orders(links, device);
orders.Obey();

var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
builder.Logging.AddSimpleConsole(options => options.SingleLine = true);
builder.Services.AddOptions<ConsoleLoggerOptions>().Configure(options => options.LogToStandardErrorThreshold = LogLevel.Trace);
// A message to a silo that was just killed is an error to Orleans, with a stack trace; here it is daily business.
builder.Logging.SetMinimumLevel(LogLevel.Error).AddFilter("LifeRaft", LogLevel.Information).AddFilter("Orleans.Messaging", LogLevel.None);
builder.UseOrleans(silo => (arguments.Clustering.Length == 0
        ? silo.UseTestMembership(arguments.Name, arguments.Port, arguments.Gateway, arguments.Primary)
        : silo.UseVoters(arguments.Name, arguments.Port, arguments.Gateway, arguments.Clustering, arguments.Cluster, arguments.Evicts))
    .Configure<SiloConnectionOptions>(options => options.ConfigureSiloOutboundConnection(links.Watch))
    .Configure<RaftOptions>(options =>
    {
        options.SnapshotAfterEntries = arguments.SnapshotAfter;
        options.EntriesKeptBehindSnapshot = arguments.SnapshotAfter / 10;
    })
    .AddLifeRaft(raft => raft.AddStateMachine<KeyValueMachine>("kv").AddLocks(arguments.Locks).UseLog(arguments.Log, arguments.Data, device)));
builder.Services.AddWork(arguments);
using var host = builder.Build();
await host.StartAsync();
orders.Clients = arguments.Locks is SiloLocks.Kept or SiloLocks.Worked ? null : new SiloLockClients(host.Services.GetRequiredService<IGrainFactory>(), arguments.Name);
Console.WriteLine("ready");
await host.WaitForShutdownAsync();
