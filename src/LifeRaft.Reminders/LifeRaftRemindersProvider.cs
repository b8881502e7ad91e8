using LifeRaft.Hosting;
using LifeRaft.Reminders;
using Microsoft.Extensions.Configuration;
using Orleans;
using Orleans.Hosting;
using Orleans.Providers;

[assembly: RegisterProvider("LifeRaft", "Reminders", "Silo", typeof(LifeRaftRemindersProvider))]

namespace LifeRaft.Reminders;

/// <summary>Reminders by configuration alone: <c>Orleans:Reminders:ProviderType=LifeRaft</c>, and the options beside that.</summary>
internal sealed class LifeRaftRemindersProvider : IProviderBuilder<ISiloBuilder>
{
    private static readonly SectionReader<LifeRaftRemindersOptions> Reader = new("LifeRaft's reminders", new()
    {
        [nameof(LifeRaftRemindersOptions.Group)] = (options, text) => options.Group = text,
        [nameof(LifeRaftRemindersOptions.Members)] = (options, text) => options.Members = SectionValue.Whole<int>(text),
        [nameof(LifeRaftRemindersOptions.Timeout)] = (options, text) => options.Timeout = Duration.ParseSetting(text),
        ["ProviderType"] = (_, _) => { },
    });

    public void Configure(ISiloBuilder builder, string? name, IConfigurationSection configurationSection) =>
        builder.AddLifeRaftReminders(options => Reader.Read(configurationSection, options));
}
