using LifeRaft.Protocol;

namespace LifeRaft.Cli.Tests.Leader;

public sealed class HandOverTests
{
    private static readonly GroupReport _before = Led("1@silo-1", 4);

    [Theory]
    [InlineData("2@silo-2", 5, null, "2@silo-2 leads kv/a in term 5; before it 1@silo-1 did.")]
    [InlineData("2@silo-2", 5, "2@silo-2", "2@silo-2 leads kv/a in term 5; before it 1@silo-1 did.")]
    [InlineData("1@silo-1", 4, "1@silo-1", "1@silo-1 leads kv/a already.")]
    [InlineData("1@silo-1", 6, "1@silo-1", "1@silo-1 leads kv/a already.")]
    public void Who_was_meant_leads(string leader, long term, string? to, string said) => Assert.Equal(said, HandOver.Said(_before, Led(leader, term), to));

    [Theory]
    [InlineData(null)]
    [InlineData("2@silo-2")]
    public void A_leader_that_leads_on_has_handed_nothing_over(string? to)
    {
        var failure = Assert.Throws<MembershipException>(() => HandOver.Said(_before, Led("1@silo-1", 4), to));
        Assert.StartsWith("kv/a was not handed over: 1@silo-1 leads it still, in term 4.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 5, null, "nobody leads it yet")]
    [InlineData("", 5, "2@silo-2", "nobody leads it yet")]
    [InlineData("1@silo-1", 6, null, "1@silo-1 leads it again, in term 6")]
    [InlineData("1@silo-1", 6, "2@silo-2", "1@silo-1 leads it again, in term 6")]
    [InlineData("3@silo-3", 6, "2@silo-2", "3@silo-3 leads it now")]
    public void What_elections_have_made_of_it_is_not_known(string leader, long term, string? to, string said)
    {
        var failure = Assert.Throws<OutcomeUnknownException>(() => HandOver.Said(_before, Led(leader, term), to));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
    }

    private static GroupReport Led(string leader, long term) => new() { Name = "kv/a", Leader = leader, Term = new Term(term) };
}
