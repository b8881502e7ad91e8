// A state machine with typed commands: dotnet run --project src/Samples/TypedMachine
using System.Globalization;
using LifeRaft;
using LifeRaft.Samples;
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
        .AddStateMachine<Stock>()
        .UseInMemoryLog())); // One silo, in memory: for a sample. With three and UseRocksDbLog this survives them.
using var host = builder.Build();
await host.StartAsync();

var stock = host.Services.GetRequiredService<IClusterClient>().GetRaft<Stock>("main");
await stock.Group.Create(["1@silo-a"]);

Console.WriteLine($"Restocked: {await stock.Command(new Restock("tea", 3))} pieces of tea.");
await using (var session = await stock.OpenSession())
{
    // Within a session a command is applied exactly once, however often it must be sent.
    var receipt = await session.Command(new Take("tea", 2));
    Console.WriteLine($"Sold 2, {receipt.Left} left. The receipt's id is the same on every member: {receipt.Id != Guid.Empty}.");
}

try
{
    await stock.Command(new Take("tea", 2));
}
catch (SoldOutException failure)
{
    Console.WriteLine($"Sold out, said the machine: {failure.Message} (Left = {failure.Left})");
}

Console.WriteLine($"Still there: {await stock.Query(new HowMany("tea"))}.");
await host.StopAsync();
