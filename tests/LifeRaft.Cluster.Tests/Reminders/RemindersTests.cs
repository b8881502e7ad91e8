using System.Collections.Concurrent;
using System.Text;
using LifeRaft.Reminders;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LifeRaft.Cluster.Tests;

/// <summary>Reminders that outlive the silo that registered them.</summary>
public sealed class RemindersTests
{
    private static readonly TimeSpan _period = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Reminders_fire_on_after_the_silo_that_registered_them_is_gone()
    {
        await using var cluster = await RaftCluster.Start(3, services: Frequent);
        var alarms = Enumerable.Range(0, 6).Select(_ => Guid.NewGuid()).ToList();
        var homes = await Task.WhenAll(alarms.Select(alarm => Answered(() => cluster.From(0).GetGrain<IAlarm>(alarm).Set(_period))));
        await Wait.For("all alarms ring", () => Task.FromResult(alarms.Count(alarm => AlarmGrain.Rung(alarm, homes))), rung => rung == alarms.Count, rung => $"{rung} ring");

        var lost = RaftCluster.SiloOf(homes[0]);
        await cluster.Kill(lost);
        AlarmGrain.Forget();
        var left = cluster.Running.Select(RaftCluster.Silo).ToList();
        await Wait.For("all alarms ring on the silos that are left", () => Task.FromResult(alarms.Count(alarm => AlarmGrain.Rung(alarm, left))), rung => rung == alarms.Count, rung => $"{rung} ring");

        var stopped = cluster.From(cluster.Running.First()).GetGrain<IAlarm>(alarms[0]);
        Assert.Equal("stopped", await Answered(stopped.Stop));
        Assert.Equal("none", await Answered(stopped.Stop));
    }

    [Fact]
    public async Task Reminders_work_by_configuration_alone_and_survive_a_restart_of_everything()
    {
        var directory = Directory.CreateTempSubdirectory("liferaft-test-").FullName;
        var json = $$"""
            {
              "Orleans": {
                "ClusterId": "configured",
                "ServiceId": "configured",
                "Name": "silo-a",
                "Endpoints": { "AdvertisedIPAddress": "127.0.0.1", "SiloPort": {{FreePort.Next()}}, "GatewayPort": 0 },
                "Clustering": { "ProviderType": "Development" },
                "Reminders": { "ProviderType": "LifeRaft", "Members": 1, "Timeout": "20 s" }
              }
            }
            """;
        var alarm = Guid.NewGuid();
        using (var host = await Started(json, directory))
        {
            await Answered(() => host.Services.GetRequiredService<IGrainFactory>().GetGrain<IAlarm>(alarm).Set(_period));
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        AlarmGrain.Forget();
        using (var host = await Started(json, directory))
        {
            await Wait.For("the alarm rings again", () => Task.FromResult(AlarmGrain.Rung(alarm, ["silo-a"])), rung => rung);
            await host.StopAsync(TestContext.Current.CancellationToken);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public void Every_problem_is_named_at_the_start()
    {
        using var host = Host("""{ "Orleans": { "Reminders": { "ProviderType": "LifeRaft", "Members": 2, "Group": "two/parts", "Timeout": "0" } } }""", "unused");
        Assert.Equal(
            [
                "Reminders: Group: 'reminders/two/parts' is no group name: it must be '{machine}/{name}', for instance 'kv/orders'.",
                "Reminders: Members must be 1, 3, 5, 7 or 9, but is 2: an even number survives no more losses than one less.",
                "Reminders: Timeout must be from 1 ms to 1 d, but is 0 s.",
            ],
            Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<LifeRaftRemindersOptions>>().Value).Failures);
        using var misspelt = Host("""{ "Orleans": { "Reminders": { "ProviderType": "LifeRaft", "Member": "3" } } }""", "unused");
        Assert.Equal(
            "Orleans:Reminders:Member is no option of LifeRaft's reminders. The nearest is 'Members'; correct or remove it.",
            Assert.Single(Assert.Throws<OptionsValidationException>(() => misspelt.Services.GetRequiredService<IOptions<LifeRaftRemindersOptions>>().Value).Failures));
    }

    private static void Frequent(ISiloBuilder silo)
    {
        silo.AddLifeRaftReminders();
        silo.Services.Configure<ReminderOptions>(static options => options.MinimumReminderPeriod = _period);
    }

    private static async Task<IHost> Started(string json, string directory)
    {
        var host = Host(json, directory);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private static IHost Host(string json, string directory)
    {
        var host = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null);
        host.Configuration.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        host.UseOrleans(silo =>
        {
            silo.AddLifeRaft(raft => raft.UseRocksDbLog(directory));
            silo.Services.Configure<ReminderOptions>(static options => options.MinimumReminderPeriod = _period);
        });
        return host.Build();
    }

    /// <summary>The reminder service reads its table when the silo starts, and refuses until it has; and a silo may have just gone.</summary>
    private static async Task<string> Answered(Func<Task<string>> call)
    {
        var seen = await Wait.For(
            "the alarm answers",
            async () =>
            {
                try
                {
                    return (Answer: await call(), Failure: "");
                }
                catch (Exception failure) when (failure is OrleansException or TimeoutException)
                {
                    return (Answer: "", Failure: failure.Message);
                }
            },
            seen => seen.Failure.Length == 0,
            seen => seen.Failure);
        return seen.Answer;
    }
}

/// <summary>A grain with a reminder.</summary>
[Alias("liferaft.tests.alarm")]
public interface IAlarm : IGrainWithGuidKey
{
    /// <summary>Lets it ring from now on; returns the silo that it was set on.</summary>
    Task<string> Set(TimeSpan period);

    /// <summary>Stops it, if it is set.</summary>
    Task<string> Stop();
}

public sealed class AlarmGrain(ILocalSiloDetails silo) : Grain, IAlarm, IRemindable
{
    private const string Ring = "ring";
    private static readonly ConcurrentDictionary<(Guid Alarm, string Silo), bool> _rung = new();

    /// <summary>Whether the alarm has rung on one of those silos.</summary>
    public static bool Rung(Guid alarm, IEnumerable<string> silos) => silos.Any(silo => _rung.ContainsKey((alarm, silo)));

    public static void Forget() => _rung.Clear();

    public async Task<string> Set(TimeSpan period)
    {
        await this.RegisterOrUpdateReminder(Ring, period, period);
        return silo.Name;
    }

    public async Task<string> Stop()
    {
        if (await this.GetReminder(Ring) is not { } reminder)
        {
            return "none";
        }

        await this.UnregisterReminder(reminder);
        return "stopped";
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        _rung[(this.GetPrimaryKey(), silo.Name)] = true;
        return Task.CompletedTask;
    }
}
