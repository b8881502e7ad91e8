namespace LifeRaft.Cli.Tests.Checks;

public sealed class HashSamplesTests
{
    [Fact]
    public void The_same_at_the_same_index_is_a_yes()
    {
        var samples = Of(("a", [(7, "x"), (9, "y")]), ("b", [(9, "y")]), ("c", [(8, "z"), (9, "y")]));
        Assert.Equal((null, 9, true), (samples.Problem, samples.Common, samples.IsDecided));
        Assert.All(samples.Rows, row => Assert.Equal((9, "y"), (row.Index, row.Hash)));
    }

    [Fact]
    public void A_difference_at_any_common_index_is_a_no_and_stays_one()
    {
        var samples = Of(("a", [(7, "x"), (9, "y")]), ("b", [(7, "OTHER"), (9, "y")]));
        Assert.True(samples.IsDecided);
        Assert.Contains("DIFFER at index 7", samples.Problem, StringComparison.Ordinal);
        Assert.Equal(["x", "OTHER"], samples.Rows.Select(row => row.Hash));
    }

    [Fact]
    public void Different_indexes_are_asked_for_again()
    {
        var samples = Of(("a", [(7, "x")]), ("b", [(8, "y")]));
        Assert.False(samples.IsDecided);
        Assert.Contains("never seen at the same index", samples.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_does_not_answer_is_named_and_keeps_it_from_being_a_yes()
    {
        var samples = HashSamples.Of(Seen(("a", [(7, "x")]), ("b", [(7, "x")]), ("c", [])), new Dictionary<string, string> { ["c"] = "is not there" });
        Assert.Equal("Not compared with all: c gave no hash.", samples.Problem);
        Assert.Equal("is not there", samples.Rows[2].Problem);
    }

    private static HashSamples Of(params (string Node, (long Index, string Hash)[] Hashes)[] seen) => HashSamples.Of(Seen(seen), new Dictionary<string, string>());

    private static Dictionary<string, SortedDictionary<long, string>> Seen(params (string Node, (long Index, string Hash)[] Hashes)[] seen) =>
        seen.ToDictionary(node => node.Node, node => new SortedDictionary<long, string>(node.Hashes.ToDictionary(hash => hash.Index, hash => hash.Hash)));
}
