using System.Collections.Immutable;
using Orleans;
using Xunit;

namespace LifeRaft.Tests.Typed;

/// <summary>Commands and states of other builds are read.</summary>
public sealed class VersionTests
{
    private readonly Accounts _machine = new(Accounts.Serializer);

    [Fact]
    public void A_command_that_this_build_wrote_is_read_by_every_later_one()
    {
        const string Stored = "01106163636F756E74732E6465706F73697420E84009616E6E61016209E0";
        Assert.Equal(Stored, Convert.ToHexString(Requests.Bytes(new Deposit("anna", 300))));
        Assert.Equal(300, Apply(Convert.FromHexString(Stored)));
    }

    [Fact]
    public void A_member_that_an_older_build_did_not_have_is_its_default() =>
        Assert.Equal(0, Apply(Requests.Bytes("accounts.deposit", new DepositOfTheFirstBuild("anna"))));

    [Fact]
    public void A_member_that_only_a_newer_build_has_is_passed_over() =>
        Assert.Equal(7, Apply(Requests.Bytes("accounts.deposit", new DepositOfTheNextBuild("anna", 7, new Reason("salary")))));

    [Fact]
    public async Task A_state_that_an_older_build_wrote_is_read()
    {
        var old = new StateOfTheFirstBuild(ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal).Add("anna", 12));
        var written = Snapshots.Written(stream => new StateSnapshot<StateOfTheFirstBuild>(DateTimeOffset.UnixEpoch, ["accounts.deposit"], old).Write(stream, Accounts.Serializer));
        const string Stored = "010080B5F7F57F9F0801000000106163636F756E74732E6465706F7369742F00000020E820200003214009616E6E610131E0E0"
            + "3101312CD42E1D537472696E67436F6D706172657200030101E0C101E0E000000000";
        Assert.Equal(Stored, Convert.ToHexString(written));
        using var snapshot = new MemoryStream(Convert.FromHexString(Stored));
        ((IStateMachine)_machine).ReadSnapshot(snapshot);
        Assert.Equal(12, await new RaftCommands<Accounts>(new LocalMachine(_machine), Accounts.Serializer).Query(new Balance("anna")));
    }

    [Fact]
    public void A_state_to_which_an_unknown_command_was_applied_is_refused_until_the_build_knows_it()
    {
        var next = new AccountsOfTheNextBuild(Accounts.Serializer);
        LocalMachine.Apply(next, Requests.Bytes(new Deposit("anna", 1)));
        Snapshots.Copy(next, _machine);

        // It throws, and counts all the same: members that apply it must have equal snapshots.
        LocalMachine.Apply(next, Requests.Bytes(new Close("anna")));
        Assert.Contains(
            "does not know what 'accounts.close' did to the state in the snapshot. Upgrade this silo",
            Assert.Throws<FormatException>(() => Snapshots.Copy(next, new Accounts(Accounts.Serializer))).Message,
            StringComparison.Ordinal);
        var last = new AccountsOfTheLastBuild(Accounts.Serializer);
        Snapshots.Copy(next, last);
        Assert.Equal(Snapshots.Of(next), Snapshots.Of(last));
        Assert.Contains("'accounts.close'", ((IChecksCommands)last).Refusal(Requests.Bytes(new Close("anna"))), StringComparison.Ordinal);
    }

    private long Apply(byte[] command) => ResultFrame.Read<long>(LocalMachine.Apply(_machine, command), Accounts.Serializer);
}

[GenerateSerializer]
[Alias("accounts.deposit.first")]
public sealed record DepositOfTheFirstBuild([property: Id(0)] string Account);

[GenerateSerializer]
[Alias("accounts.deposit.next")]
public sealed record DepositOfTheNextBuild([property: Id(0)] string Account, [property: Id(1)] long Cents, [property: Id(2)] Reason Reason);

[GenerateSerializer]
[Alias("accounts.reason")]
public sealed record Reason([property: Id(0)] string Text);

[GenerateSerializer]
[Alias("accounts.state.first")]
public sealed record StateOfTheFirstBuild([property: Id(0)] ImmutableSortedDictionary<string, long> Cents);
