using System.Text;
using CsCheck;
using LifeRaft.DistributedLock;
using Xunit;

namespace LifeRaft.Tests.DistributedLock;

public sealed class GroupNamesTests
{
    [Fact]
    public void A_name_that_a_group_takes_stays_as_it_is()
    {
        foreach (var name in new[] { "a", "Nightly report", "sha512", "\u00e4/\\\0", new string('a', 512), new string('\u00e4', 256), "\U0001f512" })
        {
            Assert.Equal(name, GroupNames.Of(name));
        }
    }

    [Fact]
    public void A_name_that_a_group_does_not_take_becomes_its_hash_and_its_beginning()
    {
        Assert.Equal("sha512:z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg_SpIdNs6c5H0NE8XYXysP-DGNKHfuwvY7kxvUdBeoGlODJ6-SfaPg:", GroupNames.Of(""));
        Assert.EndsWith(":" + new string('a', 32), GroupNames.Of(new string('a', 513)), StringComparison.Ordinal);
        Assert.EndsWith(":\ufffdx", GroupNames.Of("\ud800x"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_looks_like_a_hash_is_hashed_so_that_nobody_can_take_the_place_of_another()
    {
        var hashed = GroupNames.Of("");
        Assert.NotEqual(hashed, GroupNames.Of(hashed));
        Assert.StartsWith("sha512:", GroupNames.Of("sha512:"), StringComparison.Ordinal);
        Assert.NotEqual("sha512:", GroupNames.Of("sha512:"));
    }

    [Fact]
    public void Different_names_stay_different_and_all_of_them_fit()
    {
        var strict = new UTF8Encoding(false, throwOnInvalidBytes: true);
        var halves = Gen.Char['\ud7fe', '\ue001'].Array[0, 3].Select(characters => new string(characters));
        var longOnes = Gen.Select(Gen.Int[500, 520], Gen.Char['a', 'b']).Select((length, last) => new string('a', length) + last);
        var name = Gen.OneOf(Gen.String, halves, longOnes, halves.Select(GroupNames.Of), Gen.Const("sha512:"));
        Gen.Select(name, name).Sample((left, right) =>
        {
            Assert.Equal(left == right, GroupNames.Of(left) == GroupNames.Of(right));
            Assert.InRange(strict.GetByteCount(GroupNames.Of(left)), 1, LockRules.MaximumNameBytes);
        });
    }
}
