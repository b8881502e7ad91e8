using Xunit;
using static LifeRaft.Hosting.Tests.Storage.StoreTesting;

namespace LifeRaft.Hosting.Tests.Storage;

/// <summary>What is said when the lock file of a write-ahead log cannot be had.</summary>
public sealed class WriteAheadLockTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private string LockFile => Path.Combine(_directory.Path, "lock");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_directory_that_another_store_holds_is_told_to_be_held()
    {
        await using var first = WriteAheadLogStoreTests.At(_directory.Path);
        await first.Open(TestContext.Current.CancellationToken);
        Assert.Contains("another process holds it", await Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_file_that_cannot_be_reached_is_named_and_nobody_is_blamed()
    {
        File.CreateSymbolicLink(LockFile, LockFile);
        var refusal = await Refusal();
        Assert.Contains(LockFile, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("another process", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lock_file_that_may_not_be_opened_is_named()
    {
        Directory.CreateDirectory(LockFile);
        var refusal = await Refusal();
        Assert.Contains(LockFile, refusal, StringComparison.Ordinal);
        Assert.DoesNotContain("another process", refusal, StringComparison.Ordinal);
    }

    private async Task<string> Refusal()
    {
        await using var store = WriteAheadLogStoreTests.At(_directory.Path);
        return (await Assert.ThrowsAsync<LogStoreException>(() => store.Open(TestContext.Current.CancellationToken).Within())).Message;
    }
}
