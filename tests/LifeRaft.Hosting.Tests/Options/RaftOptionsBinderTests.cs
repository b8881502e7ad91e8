using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Xunit;

namespace LifeRaft.Hosting.Tests.Options;

public sealed class RaftOptionsBinderTests
{
    [Fact]
    public void An_empty_section_leaves_the_defaults()
    {
        var options = Bind();
        Assert.Equal(LifeRaft.Protocol.GroupTimings.Default, options.Timings());
        Assert.Equal(new LifeRaft.Protocol.RaftSettings { GoesQuiet = true }, options.Settings());
    }

    [Theory]
    [InlineData("150", 150)]
    [InlineData("10 ms", 10)]
    [InlineData("200 millisecond", 200)]
    [InlineData("1 second", 1000)]
    [InlineData("00:00:01.5", 1500)]
    public void Durations_are_read_as_liferaft_and_as_TimeSpan_write_them(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Bind(("ElectionMin", text)).ElectionMin);

    [Fact]
    public void Every_option_can_be_set_in_letters_of_either_case()
    {
        foreach (var property in typeof(RaftOptions).GetProperties().Where(property => property.CanWrite))
        {
            var usual = property.GetValue(new RaftOptions());
            var (text, expected) = usual is bool flag ? ($"{!flag}", !flag) : Sample(property.PropertyType);
            Assert.Equal(expected, property.GetValue(Bind((property.Name.ToUpperInvariant(), text))));
            Assert.NotEqual(expected, usual);
        }
    }

    [Fact]
    public void Several_options_are_set_and_the_rest_keep_what_they_have()
    {
        var options = new RaftOptions { JoinTimeout = TimeSpan.FromSeconds(7) };
        RaftOptionsBinder.Bind(Section(("Heartbeat", "100"), ("Threshold", "0.5")), options);
        Assert.Equal(TimeSpan.FromMilliseconds(100), options.Heartbeat);
        Assert.Equal(0.5, options.Threshold);
        Assert.Equal(TimeSpan.FromSeconds(7), options.JoinTimeout);
    }

    [Fact]
    public void Groups_are_declared_by_name()
    {
        var options = Bind(("Groups:kv/orders:Members", "5"), ("groups:kv/carts:members", "1"));
        Assert.Equal([("kv/carts", 1), ("kv/orders", 5)], options.Groups.Select(group => (group.Key, group.Value.Members)).Order());
    }

    [Theory]
    [InlineData("Groups:kv/orders:Members", "three", "LifeRaft:Groups:kv/orders:Members: 'three' is no whole number up to 2147483647. Write digits only, for instance '1048576'; sizes are in bytes.")]
    [InlineData("Groups:kv/orders:Size", "3", "LifeRaft:Groups:kv/orders:Size is no part of the declaration of a group; Members is. Correct or remove it.")]
    [InlineData("Groups:kv/orders", "3", "LifeRaft:Groups:kv/orders is '3', but a group is declared by an object, for instance { \"Members\": 3 }.")]
    public void A_bad_declaration_names_path_and_rule(string key, string value, string expected) =>
        Assert.Equal(expected, Assert.Single(Problems((key, value))));

    [Fact]
    public void A_bad_duration_names_path_and_value()
    {
        var problem = Assert.Single(Problems(("Heartbeat", "fast")));
        Assert.StartsWith("LifeRaft:Heartbeat: 'fast' is no duration: it does not begin with a number.", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CachedBytes", "16 MiB", "LifeRaft:CachedBytes: '16 MiB' is no whole number up to 9223372036854775807. Write digits only, for instance '1048576'; sizes are in bytes.")]
    [InlineData("MaximumCommandBytes", "3000000000", "LifeRaft:MaximumCommandBytes: '3000000000' is no whole number up to 2147483647. Write digits only, for instance '1048576'; sizes are in bytes.")]
    [InlineData("Threshold", "80 %", "LifeRaft:Threshold: '80 %' is no number. Write it with a decimal point, for instance '0.8'.")]
    [InlineData("AllowDestructiveCallsFromClients", "yes", "LifeRaft:AllowDestructiveCallsFromClients: 'yes' is neither 'true' nor 'false'.")]
    [InlineData("Heartbeat", null, "LifeRaft:Heartbeat has no single value. Give it one, or remove it to keep what it is without.")]
    [InlineData("Heartbeat:Minimum", "1", "LifeRaft:Heartbeat has no single value. Give it one, or remove it to keep what it is without.")]
    public void A_bad_value_of_any_kind_names_path_and_value(string key, string? value, string expected) =>
        Assert.Equal(expected, Assert.Single(Problems((key, value))));

    [Theory]
    [InlineData("Hartbeat", "Heartbeat")]
    [InlineData("electionmni", "ElectionMin")]
    [InlineData("HeartbeatInterval", "Heartbeat")]
    [InlineData("MaxCommandBytes", "MaximumCommandBytes")]
    public void An_unknown_key_is_named_with_the_nearest_known_one(string key, string nearest) =>
        Assert.Equal($"LifeRaft:{key} is no option of LifeRaft. The nearest is '{nearest}'; correct or remove it.", Assert.Single(Problems((key, "1"))));

    [Fact]
    public void All_problems_are_listed_at_once()
    {
        var problems = Problems(("Heartbeat", "fast"), ("Hartbeat", "50"), ("Threshold", "high"), ("ElectionMin", "150"));
        Assert.Equal(3, problems.Count());
    }

    [Fact]
    public void A_host_that_binds_and_validates_does_not_start_with_a_bad_value()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IValidateOptions<RaftOptions>, RaftOptionsValidator>();
        services.AddOptions<RaftOptions>().Configure(options => RaftOptionsBinder.Bind(Section(("Heartbeat", "200")), options)).ValidateOnStart();
        using var provider = services.BuildServiceProvider();
        var failure = Assert.Throws<OptionsValidationException>(() => provider.GetRequiredService<IStartupValidator>().Validate());
        Assert.StartsWith("RaftOptions.Heartbeat (", failure.Message, StringComparison.Ordinal);
    }

    private static (string Text, object Expected) Sample(Type type) =>
        type == typeof(TimeSpan) ? ("1234", TimeSpan.FromMilliseconds(1234))
        : type == typeof(double) ? ("0.25", 0.25)
        : ("4321", Convert.ChangeType(4321, type, CultureInfo.InvariantCulture));

    private static RaftOptions Bind(params (string Key, string? Value)[] settings)
    {
        var options = new RaftOptions();
        RaftOptionsBinder.Bind(Section(settings), options);
        return options;
    }

    private static IEnumerable<string> Problems(params (string Key, string? Value)[] settings) =>
        Assert.Throws<OptionsValidationException>(() => Bind(settings)).Failures;

    private static IConfigurationSection Section(params (string Key, string? Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"LifeRaft:{setting.Key}", setting.Value)))
            .Build()
            .GetSection("LifeRaft");
}
