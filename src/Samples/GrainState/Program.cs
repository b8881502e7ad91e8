// Grains whose states and reminders survive the loss of a silo: dotnet run --project src/Samples/GrainState
using System.Globalization;
using System.Net;
using LifeRaft.Samples;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var port = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 11111;
var silos = await Task.WhenAll(Enumerable.Range(0, 3).Select(Start));
var guests = silos[0].Services.GetRequiredService<IGrainFactory>();
foreach (var name in new[] { "anna", "bert", "cleo" })
{
    Console.WriteLine($"{name}: visit {await guests.GetGrain<IGuest>(name).Visit()}.");
}

await guests.GetGrain<IGuest>("anna").WakeMe(TimeSpan.FromSeconds(1));

await silos[2].StopAsync();
Console.WriteLine("silo-2 is gone.");
foreach (var name in new[] { "anna", "bert", "cleo" })
{
    Console.WriteLine($"{name}: visit {await guests.GetGrain<IGuest>(name).Visit()}.");
}

while (await guests.GetGrain<IGuest>("anna").Woken() == 0)
{
    await Task.Delay(100);
}

Console.WriteLine("anna was woken.");

// Asked again and again, as a load balancer does: while a group elects, a silo is not healthy.
var health = silos[0].Services.GetRequiredService<HealthCheckService>();
while ((await health.CheckHealthAsync()).Status != HealthStatus.Healthy)
{
    await Task.Delay(100);
}

Console.WriteLine("silo-0 is healthy.");
await Task.WhenAll(silos[..2].Select(silo => silo.StopAsync()));

async Task<IHost> Start(int number)
{
    var builder = Host.CreateApplicationBuilder();
    builder.Logging.SetMinimumLevel(LogLevel.None);

    // What an application writes into its appsettings.json: no code knows where states and reminders are kept.
    builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Orleans:Name"] = $"silo-{number}",
        ["Orleans:GrainStorage:Default:ProviderType"] = "LifeRaft",
        ["Orleans:Reminders:ProviderType"] = "LifeRaft",
    });
    builder.UseOrleans(silo => silo
        .UseLocalhostClustering(port + number, gatewayPort: 0, new IPEndPoint(IPAddress.Loopback, port))
        .AddLifeRaft(raft => raft.UseInMemoryLog()) // UseRocksDbLog(directory) to survive the loss of all silos, too.
        .Configure<ReminderOptions>(options => options.MinimumReminderPeriod = TimeSpan.FromSeconds(1)));
    builder.Services.AddHealthChecks().AddLifeRaft();
    var host = builder.Build();
    await host.StartAsync();
    return host;
}
