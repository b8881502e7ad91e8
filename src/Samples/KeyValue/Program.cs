// The key-value store: dotnet run --project src/Samples/KeyValue
using System.Globalization;
using System.Text;
using LifeRaft;
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
        .AddStateMachine<KeyValueMachine>("kv")
        .UseInMemoryLog())); // One silo, in memory: for a sample. With three and UseRocksDbLog this survives them.
using var host = builder.Build();
await host.StartAsync();

var group = host.Services.GetRequiredService<IClusterClient>().GetRaftGroup("kv/main");
await group.Create(["1@silo-a"]);
var kv = new KeyValueStore(group);

// A transaction: Ann pays, if nobody has changed what she has, and if this payment has not been made.
await kv.Put("account/ann", Text("100"));
var ann = await kv.Get("account/ann");
KeyValueCondition[] when = [KeyValueCondition.Revision("account/ann", ann!.Revision), KeyValueCondition.Absent("payment/7")];
KeyValueOperation[] then =
[
    KeyValueOperation.Put("account/ann", Text("70")), KeyValueOperation.Put("account/bob", Text("30")), KeyValueOperation.Put("payment/7", Text("30")),
];
KeyValueOperation[] otherwise = [KeyValueOperation.Get("payment/7")];
var paid = await kv.Transact(when, then, otherwise);
Console.WriteLine($"Paid: {paid.Succeeded}, all at one revision: {paid.Results.All(entry => entry!.Revision == paid.Revision)}.");
var again = await kv.Transact(when, then, otherwise);
Console.WriteLine($"Paid again: {again.Succeeded}, for a payment of {String(again.Results[0]!.Value)} is there.");

// Pages, each as of a revision.
var page = await kv.Range(KeyValueRange.Prefix("account/"), limit: 1);
Console.WriteLine($"The first page: {page.Entries[0].Key}. More follows: {page.HasMore}.");
page = await kv.Range(KeyValueRange.Prefix("account/"), limit: 1, after: page.Entries[^1].Key);
Console.WriteLine($"The second page: {page.Entries[0].Key}. More follows: {page.HasMore}.");

// A key that ends with its holder, and somebody who watches from that revision on.
var web = await kv.GrantLease(TimeSpan.FromSeconds(5));
await kv.Put("service/web-1", Text("http://10.0.0.1"), web);
await foreach (var change in kv.Watch(KeyValueRange.Prefix("service/"), page.Revision + 1))
{
    Console.WriteLine($"{change.Kind} {change.Entry.Key}, version {change.Entry.Version}.");
    if (change.Kind == KeyValueEventKind.Delete)
    {
        break;
    }

    await web.DisposeAsync(); // Had its process been killed, the key would end 5 s later.
}

try
{
    await kv.Put("service/web-1", Text("http://10.0.0.1"), web);
}
catch (KeyValueLeaseEndedException)
{
    Console.WriteLine("A lease that has ended takes no keys.");
}

await host.StopAsync();

static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

static string String(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);
