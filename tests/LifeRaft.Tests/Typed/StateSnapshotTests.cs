using Xunit;

namespace LifeRaft.Tests.Typed;

public sealed class StateSnapshotTests
{
    private readonly Accounts _machine = new(Accounts.Serializer);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(20_000)]
    public void A_snapshot_is_read_as_it_was_and_what_is_behind_it_is_left_alone(int accounts)
    {
        for (var account = 0; account < accounts; account++)
        {
            Deposit(account);
        }

        var written = Snapshots.Of(_machine);
        var copy = new Accounts(Accounts.Serializer);
        using var stream = new MemoryStream([.. written, 42]);
        ((IStateMachine)copy).ReadSnapshot(stream);
        Assert.Equal(42, stream.ReadByte());
        Assert.Equal(written, Snapshots.Of(copy));
        Assert.Equal(accounts > 10_000, written.Length > 128 * 1024);
    }

    [Fact]
    public void A_snapshot_is_of_the_moment_of_its_capture()
    {
        Deposit(1);
        var before = Snapshots.Of(_machine);
        var write = ((IStateMachine)_machine).CaptureSnapshot();
        Deposit(2);
        Assert.Equal(before, Snapshots.Written(write));
        Assert.NotEqual(before, Snapshots.Of(_machine));
    }

    [Fact]
    public void What_is_no_snapshot_is_refused_and_leaves_the_state()
    {
        Deposit(1);
        var written = Snapshots.Of(_machine);
        Assert.Contains("upgrade this silo", Refusal([2, .. written[1..]]), StringComparison.Ordinal);
        Assert.Contains("no snapshot of a typed machine", Refusal([0, .. written[1..]]), StringComparison.Ordinal);
        Assert.All(Enumerable.Range(0, written.Length), length => Refusal(written[..length]));
        Refusal([.. written[..9], 0xFF, 0xFF, 0xFF, 0x7F]);
        Refusal([.. written[..9], 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F]);
        Assert.Equal(written, Snapshots.Of(_machine));
    }

    private string Refusal(byte[] bytes)
    {
        using var stream = new MemoryStream(bytes);
        return Assert.Throws<FormatException>(() => ((IStateMachine)_machine).ReadSnapshot(stream)).Message;
    }

    private void Deposit(int account) => LocalMachine.Apply(_machine, Requests.Bytes(new Deposit($"account-{account:0000000}", account)));
}
