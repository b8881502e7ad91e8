using LifeRaft.Reminders;

namespace LifeRaft.Cluster.Tests;

public sealed class ReminderKeyTests
{
    [Fact]
    public void Keys_begin_with_what_orders_them_and_can_be_read_by_people()
    {
        var grain = GrainId.Create("alarm", "7");
        Assert.Equal($"{grain.GetUniformHashCode():X8}/alarm!7/ring", ReminderKey.Of(grain, "ring"));
    }

    [Theory]
    [InlineData("a", "b!c", "n", "a!b", "c", "n")]
    [InlineData("a", "b/c", "n", "a", "b", "c/n")]
    [InlineData("a", "b", "n/m", "a", "b/n", "m")]
    public void Different_reminders_have_different_keys(string type, string key, string name, string otherType, string otherKey, string otherName) =>
        Assert.NotEqual(ReminderKey.Of(GrainId.Create(type, key), name)[9..], ReminderKey.Of(GrainId.Create(otherType, otherKey), otherName)[9..]);

    [Fact]
    public void However_long_the_names_are_the_key_fits()
    {
        var grain = GrainId.Create("alarm", new string('k', 3000));
        var key = ReminderKey.Of(grain, new string('n', 3000));
        KeyValueKey.Require(key);
        Assert.StartsWith(ReminderKey.PrefixOf(grain), key, StringComparison.Ordinal);
        Assert.NotEqual(key, ReminderKey.Of(grain, new string('n', 3001)));
    }

    [Theory]
    [InlineData(5u, 9u, new[] { 6u, 9u }, new[] { 5u, 10u, 0u, uint.MaxValue })]
    [InlineData(9u, 5u, new[] { 10u, uint.MaxValue, 0u, 5u }, new[] { 9u, 6u })]
    [InlineData(7u, 7u, new[] { 0u, 7u, 8u, uint.MaxValue }, new uint[0])]
    [InlineData(0u, uint.MaxValue, new[] { 1u, 0x80000000u, uint.MaxValue }, new[] { 0u })]
    [InlineData(uint.MaxValue, 0u, new[] { 0u }, new[] { 1u, uint.MaxValue })]
    [InlineData(uint.MaxValue, uint.MaxValue, new[] { 0u, 1u, uint.MaxValue }, new uint[0])]
    [InlineData(0u, 0u, new[] { 0u, 1u, uint.MaxValue }, new uint[0])]
    [InlineData(0x7FFFFFFFu, 0x80000000u, new[] { 0x80000000u }, new[] { 0x7FFFFFFFu, 0x80000001u })]
    public void A_range_excludes_its_begin_includes_its_end_and_goes_over_zero(uint begin, uint end, uint[] inside, uint[] outside)
    {
        var ranges = ReminderKey.Ranges(begin, end).ToList();
        Assert.All(inside, hash => Assert.Single(ranges, range => range.Contains($"{hash:X8}/alarm!7/ring")));
        Assert.All(outside, hash => Assert.DoesNotContain(ranges, range => range.Contains($"{hash:X8}/alarm!7/ring")));
    }
}
