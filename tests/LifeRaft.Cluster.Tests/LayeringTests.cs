using System.Reflection;
using LifeRaft.Dashboard;
using LifeRaft.DistributedLock;
using LifeRaft.Hosting;
using LifeRaft.Protocol;
using LifeRaft.Reminders;
using LifeRaft.Storage.RocksDb;
using LifeRaft.TestingHost;

namespace LifeRaft.Cluster.Tests;

/// <summary>The arrows between the projects never point upward, and namespaces are the projects' names.</summary>
public sealed class LayeringTests
{
    private static readonly Assembly _protocol = typeof(RaftNode).Assembly;
    private static readonly Assembly _contracts = typeof(RaftGroup).Assembly;
    private static readonly Assembly _hosting = typeof(RaftNodeGrain).Assembly;
    private static readonly Assembly _rocksDb = typeof(RocksDbLogStore).Assembly;
    private static readonly Assembly _reminders = typeof(LifeRaftRemindersOptions).Assembly;
    private static readonly Assembly _distributedLock = typeof(RaftDistributedLockProvider).Assembly;
    private static readonly Assembly _dashboard = typeof(LifeRaftDashboardOptions).Assembly;
    private static readonly Assembly _testingHost = typeof(DeterminismTest).Assembly;
    private static readonly Assembly[] _shipped = [_protocol, _contracts, _hosting, _rocksDb, _reminders, _distributedLock, _dashboard];

    [Fact]
    public void The_protocol_refers_to_nothing_of_ours_and_nothing_of_Orleans() =>
        Assert.DoesNotContain(Names(_protocol), name => IsOurs(name) || IsOrleans(name));

    [Fact]
    public void The_contracts_refer_to_the_protocol_and_never_to_the_host_or_a_silo()
    {
        Assert.DoesNotContain(Names(_contracts), name => name is "Orleans.Runtime" or "Orleans.Server");
        Assert.Equal(["LifeRaft.Protocol"], Names(_contracts).Where(IsOurs));
    }

    [Fact]
    public void The_host_knows_no_storage_engine()
    {
        Assert.Equal(["LifeRaft", "LifeRaft.Protocol"], Names(_hosting).Where(IsOurs).Order());
        Assert.DoesNotContain(Names(_hosting), name => name.Contains("Rocks", StringComparison.Ordinal));
    }

    [Fact]
    public void The_durable_store_knows_the_host_and_no_tool() =>
        Assert.DoesNotContain(Names(_rocksDb), name => name is "LifeRaft.Cli");

    [Fact]
    public void What_is_for_tests_knows_the_host_and_nobody_who_ships_knows_it()
    {
        Assert.DoesNotContain(Names(_testingHost), name => IsOurs(name) && name is not ("LifeRaft" or "LifeRaft.Hosting" or "LifeRaft.Protocol"));
        Assert.DoesNotContain(_shipped, assembly => Names(assembly).Contains("LifeRaft.TestingHost"));
    }

    [Fact]
    public void Reminders_know_the_host_and_the_host_knows_no_reminders()
    {
        Assert.Equal(["LifeRaft", "LifeRaft.Hosting"], Names(_reminders).Where(IsOurs).Order());
        Assert.DoesNotContain(Names(_hosting), name => name.Contains("Reminders", StringComparison.Ordinal));
    }

    [Fact]
    public void Locks_for_code_of_other_packages_are_a_matter_of_clients_and_know_no_host() =>
        Assert.Equal(["LifeRaft"], Names(_distributedLock).Where(IsOurs));

    [Fact]
    public void The_dashboard_is_a_matter_of_clients_and_of_web_hosts_and_knows_no_silo()
    {
        Assert.Equal(["LifeRaft", "LifeRaft.Protocol"], Names(_dashboard).Where(IsOurs).Order());
        Assert.DoesNotContain(Names(_dashboard), name => name is "Orleans.Runtime" or "Orleans.Server");
    }

    [Fact]
    public void Namespaces_are_the_names_of_the_projects_and_builder_extensions_live_with_what_they_extend()
    {
        foreach (var assembly in _shipped.Append(_testingHost))
        {
            var name = assembly.GetName().Name;
            var strangers = assembly.GetExportedTypes().Where(type => type.Namespace != name && type.Namespace is not ("Orleans.Hosting" or "Microsoft.Extensions.DependencyInjection" or "Microsoft.AspNetCore.Builder") && !type.Namespace!.StartsWith("OrleansCodeGen", StringComparison.Ordinal));
            Assert.Empty(strangers);
        }
    }

    [Fact]
    public void Type_names_say_what_a_thing_is()
    {
        var vague = new[] { "Default", "Impl", "Helper", "Manager", "Factory", "Util" };
        var named = _shipped.Append(_testingHost)
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.Namespace?.StartsWith("LifeRaft", StringComparison.Ordinal) == true && !type.Name.Contains('<', StringComparison.Ordinal));
        Assert.DoesNotContain(named, type => vague.Any(word => type.Name.Contains(word, StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Names(Assembly assembly) => assembly.GetReferencedAssemblies().Select(name => name.Name!);

    private static bool IsOurs(string name) => name.StartsWith("LifeRaft", StringComparison.Ordinal);

    private static bool IsOrleans(string name) => name.StartsWith("Orleans", StringComparison.Ordinal) || name.StartsWith("Microsoft.Extensions", StringComparison.Ordinal);
}
