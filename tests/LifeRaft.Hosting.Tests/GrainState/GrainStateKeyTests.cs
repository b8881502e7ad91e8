using System.Text;
using CsCheck;
using Orleans.Runtime;

namespace LifeRaft.Hosting.Tests.GrainState;

public sealed class GrainStateKeyTests
{
    [Fact]
    public void A_key_can_be_read_by_people() => Assert.Equal("profile/user/anna@example.org", GrainStateKey.Of("profile", GrainId.Create("user", "anna@example.org")));

    [Theory]
    [InlineData("a", "b/c", "d", "a", "b", "c/d")]
    [InlineData("a/b", "c", "d", "a", "b/c", "d")]
    [InlineData("a%2Fb", "c", "d", "a/b", "c", "d")]
    [InlineData("", "a", "b", "a", "", "b")]
    public void Different_states_have_different_keys(string state, string type, string key, string otherState, string otherType, string otherKey) =>
        Assert.NotEqual(GrainStateKey.Of(state, Grain(type, key)), GrainStateKey.Of(otherState, Grain(otherType, otherKey)));

    [Fact]
    public void Different_states_have_different_keys_whatever_they_are_made_of()
    {
        var part = Gen.Char["/%#!ab2F"].Array[0, 4].Select(letters => new string(letters));
        var triples = Gen.Select(part, part, part);
        Gen.Select(triples, triples).Sample(pair =>
        {
            var (one, other) = pair;
            var areEqual = GrainStateKey.Of(one.Item1, Grain(one.Item2, one.Item3)) == GrainStateKey.Of(other.Item1, Grain(other.Item2, other.Item3));
            return areEqual == (one == other);
        });
    }

    [Fact]
    public void The_longest_key_that_fits_is_kept_and_a_longer_one_is_hashed()
    {
        var fits = GrainStateKey.Of("s", Grain("t", new string('k', KeyValueKey.MaximumBytes - 4)));
        Assert.Equal(KeyValueKey.MaximumBytes, fits.Length);
        var hashed = GrainStateKey.Of("s", Grain("t", new string('k', KeyValueKey.MaximumBytes - 3)));
        Assert.StartsWith("#", hashed, StringComparison.Ordinal);
        Assert.Equal(65, hashed.Length);
        Assert.NotEqual(hashed, GrainStateKey.Of("s", Grain("t", new string('k', KeyValueKey.MaximumBytes - 2))));
        Assert.NotEqual(hashed, GrainStateKey.Of("s2", Grain("t", new string('k', KeyValueKey.MaximumBytes - 3))));
    }

    [Fact]
    public void A_grain_key_that_is_no_text_is_written_in_hexadecimal()
    {
        var grain = new GrainId(GrainType.Create("t"), new IdSpan([0xFF, 0x00]));
        Assert.Equal("s/t/%xFF00", GrainStateKey.Of("s", grain));
        Assert.NotEqual("s/t/%xFF00", GrainStateKey.Of("s", Grain("t", "%xFF00")));
    }

    [Fact]
    public void No_state_has_the_key_of_the_layout() => Assert.Equal("%21layout/t/k", GrainStateKey.Of("!layout", Grain("t", "k")));

    [Fact]
    public void The_group_of_a_grain_is_the_same_for_ever()
    {
        // States lie where these say. A change of the numbers loses what users have stored.
        Assert.Equal([0, 0, 0, 0, 0, 0, 0, 0], Enumerable.Range(0, 8).Select(number => GrainStateKey.GroupOf(Grain("user", $"{number}"), 1)));
        Assert.Equal("0022331231101120", string.Concat(Enumerable.Range(0, 16).Select(number => GrainStateKey.GroupOf(Grain("user", $"{number}"), 4))));
    }

    [Fact]
    public void Grains_spread_over_the_groups()
    {
        var counts = Enumerable.Range(0, 8000).CountBy(number => GrainStateKey.GroupOf(Grain("user", $"{number}"), 8)).Select(group => group.Value);
        Assert.All(counts, count => Assert.InRange(count, 900, 1100));
    }

    private static GrainId Grain(string type, string key) => new(new GrainType(Encoding.UTF8.GetBytes(type)), new IdSpan(Encoding.UTF8.GetBytes(key)));
}
