using Xunit;

namespace LifeRaft.Tests;

public sealed class NamesTests
{
    private static readonly string Longest = new('a', 64);

    [Fact]
    public void A_group_name_has_a_machine_and_a_name()
    {
        var group = GroupName.Parse("kv/orders-2.EU_west");
        Assert.Equal("kv", group.Machine);
        Assert.Equal("orders-2.EU_west", group.Name);
        Assert.Equal("kv/orders-2.EU_west", group.ToString());
    }

    [Fact]
    public void A_node_address_has_a_name_and_a_silo()
    {
        var address = NodeAddress.Parse("1@silo-a");
        Assert.Equal("1", address.Name);
        Assert.Equal("silo-a", address.Silo);
        Assert.Equal("1@silo-a", address.ToString());
    }

    [Fact]
    public void A_node_key_has_a_group_and_an_address()
    {
        var key = NodeKey.Parse("kv/orders/1@silo-a");
        Assert.Equal(GroupName.Parse("kv/orders"), key.Group);
        Assert.Equal(NodeAddress.Parse("1@silo-a"), key.Address);
        Assert.Equal("kv/orders/1@silo-a", key.ToString());
        Assert.True(NodeKey.TryParse("kv/orders/1@silo-a", out var same));
        Assert.Equal(key, same);
    }

    [Fact]
    public void Parts_of_64_characters_are_allowed()
    {
        Assert.Equal(Longest, GroupName.Parse($"{Longest}/{Longest}").Name);
        Assert.Equal(Longest, NodeAddress.Parse($"{Longest}@{Longest}").Silo);
    }

    [Theory]
    [InlineData(null, "must be '{machine}/{name}'")]
    [InlineData("", "must be '{machine}/{name}'")]
    [InlineData("orders", "must be '{machine}/{name}'")]
    [InlineData("kv/orders/more", "must be '{machine}/{name}'")]
    [InlineData("/orders", "the machine is empty")]
    [InlineData("kv/", "the name is empty")]
    [InlineData("k v/orders", "the machine contains ' '")]
    [InlineData("kv/b\u00fccher", "the name contains '\u00fc'")]
    [InlineData("k\0v/orders", "the machine contains")]
    [InlineData("kv/1@silo-a", "the name contains '@'")]
    public void A_group_name_that_breaks_a_rule_is_refused_with_the_rule(string? text, string rule) => Refused(() => GroupName.Parse(text!), text, rule);

    [Theory]
    [InlineData(null, "must be '{name}@{silo}'")]
    [InlineData("1", "must be '{name}@{silo}'")]
    [InlineData("1@a@b", "must be '{name}@{silo}'")]
    [InlineData("@silo-a", "the name is empty")]
    [InlineData("1@", "the silo is empty")]
    [InlineData("1@silo/a", "the silo contains '/'")]
    [InlineData("1\n@silo-a", "the name contains '\n'")]
    public void A_node_address_that_breaks_a_rule_is_refused_with_the_rule(string? text, string rule) => Refused(() => NodeAddress.Parse(text!), text, rule);

    [Theory]
    [InlineData(null, "must be '{machine}/{name}/{node}@{silo}'")]
    [InlineData("1@silo-a", "must be '{machine}/{name}/{node}@{silo}'")]
    [InlineData("/1@silo-a", "must be '{machine}/{name}/{node}@{silo}'")]
    public void A_node_key_without_a_group_is_refused(string? text, string rule)
    {
        Refused(() => NodeKey.Parse(text!), text, rule);
        Assert.False(NodeKey.TryParse(text, out _));
    }

    [Theory]
    [InlineData("kv/1@silo-a")]
    [InlineData("kv/orders/1")]
    [InlineData("kv/orders/more/1@silo-a")]
    public void A_node_key_with_a_malformed_part_is_refused(string text)
    {
        Assert.Throws<InvalidNameException>(() => NodeKey.Parse(text));
        Assert.False(NodeKey.TryParse(text, out _));
    }

    [Fact]
    public void A_part_of_65_characters_is_refused_with_its_length()
    {
        Refused(() => GroupName.Parse($"{Longest}a/x"), $"{Longest}a/x", "the machine has 65 characters; at most 64 are allowed");
        Refused(() => NodeAddress.Parse($"1@{Longest}a"), $"1@{Longest}a", "the silo has 65 characters; at most 64 are allowed");
    }

    [Fact]
    public void Generated_addresses_are_valid_and_differ()
    {
        var (first, second) = (NodeAddress.Generate("silo-a"), NodeAddress.Generate("silo-a"));
        Assert.Equal(first, NodeAddress.Parse(first.ToString()));
        Assert.Equal("silo-a", first.Silo);
        Assert.NotEqual(first, second);
    }

    private static void Refused(Action parse, string? text, string rule)
    {
        var failure = Assert.Throws<InvalidNameException>(parse);
        Assert.StartsWith($"'{text}' is ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(rule, failure.Message, StringComparison.Ordinal);
    }
}
