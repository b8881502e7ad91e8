using LifeRaft.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace LifeRaft.Hosting.Tests;

/// <summary>What a silo remembers of declared groups.</summary>
public sealed class FoundingNotesTests
{
    private static readonly GroupName _group = GroupName.Parse("kv/orders");

    [Fact]
    public async Task A_note_is_kept_replaced_and_no_node()
    {
        await using var store = new MemoryLogStore(NullLogger<MemoryLogStore>.Instance);
        await store.Open(TestContext.Current.CancellationToken);
        using var notes = new FoundingNotes(store);
        Assert.Equal(GroupId.None, await notes.Read(_group, TestContext.Current.CancellationToken));

        var (first, second) = (new GroupId(Guid.NewGuid()), new GroupId(Guid.NewGuid()));
        await notes.Write(_group, first, TestContext.Current.CancellationToken);
        await notes.Write(_group, second, TestContext.Current.CancellationToken);
        Assert.Equal(second, await notes.Read(_group, TestContext.Current.CancellationToken));
        Assert.Empty(await DisasterRecovery.Look(store, TestContext.Current.CancellationToken));
    }
}
