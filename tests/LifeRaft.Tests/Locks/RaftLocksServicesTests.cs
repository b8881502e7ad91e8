using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace LifeRaft.Tests.Locks;

/// <summary>Locks as a service of a host.</summary>
public sealed class RaftLocksServicesTests
{
    [Fact]
    public void Repeated_it_changes_nothing_and_another_group_is_refused()
    {
        var services = new ServiceCollection().AddRaftLocks("locks/default").AddRaftLocks("locks/default");
        Assert.Single(services, service => service.ServiceType == typeof(RaftLocks));
        var failure = Assert.Throws<InvalidRequestException>(() => services.AddRaftLocks("locks/other"));
        Assert.Contains("RaftLocks are on the group locks/default already", failure.Message, StringComparison.Ordinal);
        Assert.Throws<InvalidNameException>(() => new ServiceCollection().AddRaftLocks("locks"));
    }

    [Fact]
    public async Task To_dispose_of_locks_twice_does_no_harm()
    {
        var group = new LockGroup();
        var locks = group.Client();
        await locks.Acquire("a", cancellationToken: TestContext.Current.CancellationToken);
        await Task.WhenAll(locks.DisposeAsync().AsTask(), locks.DisposeAsync().AsTask());
        await locks.DisposeAsync();
        Assert.Null(group.Look("a"));
    }
}
