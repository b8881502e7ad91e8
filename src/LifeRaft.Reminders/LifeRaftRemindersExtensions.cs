using LifeRaft;
using LifeRaft.Hosting;
using LifeRaft.Reminders;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Orleans.Hosting;

/// <summary>A Raft group as reminder table.</summary>
public static class LifeRaftRemindersExtensions
{
    /// <summary>
    /// Keeps Orleans' reminders in a Raft group on the silos themselves. The call registers the state machine and declares the group; a
    /// log store is chosen in <c>AddLifeRaft</c>. The same on every silo.
    /// </summary>
    /// <param name="silo">The silo.</param>
    /// <param name="configure">Options in code.</param>
    public static ISiloBuilder AddLifeRaftReminders(this ISiloBuilder silo, Action<LifeRaftRemindersOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        silo.AddLifeRaft(static raft => raft.AddStateMachine<KeyValueMachine>(ReminderTable.Machine));
        silo.AddReminders();
        var services = silo.Services;
        services.AddOptions<LifeRaftRemindersOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<LifeRaftRemindersOptions>, LifeRaftRemindersOptionsValidator>());
        services.AddOptions<RaftOptions>().Configure<IOptions<LifeRaftRemindersOptions>>(static (raft, reminders) =>
            raft.Groups[reminders.Value.GroupName.ToString()] = new GroupDeclaration { Members = reminders.Value.Members });
        services.AddSingleton<IReminderTable, ReminderTable>();
        return silo;
    }
}
