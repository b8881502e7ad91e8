using Xunit;

namespace LifeRaft.Hosting.Tests.Options;

public sealed class RaftOptionsValidatorTests
{
    [Fact]
    public void The_defaults_are_liferafts_and_valid()
    {
        var options = new RaftOptions();
        Assert.Equal(TimeSpan.FromMilliseconds(50), options.Heartbeat);
        Assert.Equal(TimeSpan.FromMilliseconds(150), options.ElectionMin);
        Assert.Equal(TimeSpan.FromMilliseconds(300), options.ElectionMax);
        Assert.Equal(0.8, options.Threshold);
        Assert.Empty(Problems(options));
    }

    [Theory]
    [InlineData(150)]
    [InlineData(151)]
    public void A_heartbeat_that_is_not_smaller_than_the_election_minimum_is_refused(int milliseconds) =>
        Assert.StartsWith(
            $"RaftOptions.Heartbeat (00:00:00.{milliseconds}0000) must be smaller than ElectionMin (00:00:00.1500000)",
            Assert.Single(Problems(new RaftOptions { Heartbeat = TimeSpan.FromMilliseconds(milliseconds) })),
            StringComparison.Ordinal);

    [Fact]
    public void A_heartbeat_of_zero_is_refused() =>
        Assert.Equal(["RaftOptions.Heartbeat must be more than zero, but is 00:00:00."], Problems(new RaftOptions { Heartbeat = TimeSpan.Zero }));

    [Fact]
    public void An_election_minimum_above_the_maximum_is_refused_and_one_equal_to_it_is_not()
    {
        Assert.Equal(
            ["RaftOptions.ElectionMin (00:00:00.3010000) must not be larger than ElectionMax (00:00:00.3000000)."],
            Problems(new RaftOptions { ElectionMin = TimeSpan.FromMilliseconds(301) }));
        Assert.Empty(Problems(new RaftOptions { ElectionMin = TimeSpan.FromMilliseconds(300) }));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.1)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public void A_threshold_outside_of_0_to_1_is_refused(double threshold) =>
        Assert.Equal([$"RaftOptions.Threshold must be more than 0 and at most 1, but is {threshold}."], Problems(new RaftOptions { Threshold = threshold }));

    [Fact]
    public void A_threshold_of_1_is_allowed() => Assert.Empty(Problems(new RaftOptions { Threshold = 1 }));

    [Fact]
    public void The_limits_of_sizes_and_counts_are_included()
    {
        Assert.Empty(Problems(new RaftOptions
        {
            MaximumCommandBytes = 1,
            MaximumBytesPerAppend = 1024,
            MaximumAppendsInFlight = 1,
            MaximumUncommittedBytes = 1,
            CachedBytes = 0,
            MaximumPendingPerNode = 1,
            MaximumPendingBytesPerNode = 513,
            MaximumPendingBytesPerSilo = 513,
            SessionTimeout = TimeSpan.FromSeconds(1),
            MaximumSessions = 1,
            MaximumSessionResults = 1,
            MaximumSessionResultBytes = 0,
        }));
        Assert.Empty(Problems(new RaftOptions
        {
            MaximumCommandBytes = 16 * 1024 * 1024,
            MaximumBytesPerAppend = 16 * 1024 * 1024,
            MaximumAppendsInFlight = 1024,
            MaximumUncommittedBytes = 16L * 1024 * 1024 * 1024,
            CachedBytes = 16L * 1024 * 1024 * 1024,
            MaximumPendingPerNode = 10_000_000,
            MaximumPendingBytesPerNode = 16L * 1024 * 1024 * 1024,
            MaximumPendingBytesPerSilo = 16L * 1024 * 1024 * 1024,
            SessionTimeout = TimeSpan.FromDays(1),
            MaximumSessions = 1_000_000,
            MaximumSessionResults = 100_000,
            MaximumSessionResultBytes = 1024L * 1024 * 1024,
        }));
    }

    [Fact]
    public void All_problems_are_listed_at_once_with_property_value_and_rule()
    {
        var options = new RaftOptions
        {
            Threshold = 2,
            MaximumCommandBytes = 0,
            MaximumBytesPerAppend = 1023,
            MaximumAppendsInFlight = 0,
            MaximumUncommittedBytes = -1,
            CachedBytes = -1,
            CommandTimeout = TimeSpan.Zero,
            JoinTimeout = TimeSpan.FromSeconds(-1),
            MessageTimeout = TimeSpan.FromDays(2),
            MaximumPendingPerNode = 0,
            MaximumPendingBytesPerNode = 511,
            MaximumPendingBytesPerSilo = (16L * 1024 * 1024 * 1024) + 1,
            SessionTimeout = TimeSpan.FromMilliseconds(999),
            MaximumSessions = 0,
            MaximumSessionResults = 0,
            MaximumSessionResultBytes = -1,
        };
        Assert.Equal(
            [
                "RaftOptions.Threshold must be more than 0 and at most 1, but is 2.",
                "RaftOptions.MaximumCommandBytes must be from 1 to 16777216, but is 0.",
                "RaftOptions.MaximumBytesPerAppend must be from 1024 to 16777216, but is 1023.",
                "RaftOptions.MaximumAppendsInFlight must be from 1 to 1024, but is 0.",
                "RaftOptions.MaximumUncommittedBytes must be from 1 to 17179869184, but is -1.",
                "RaftOptions.MaximumUncommittedBytes (-1) must not be smaller than MaximumCommandBytes (0), or the largest commands are refused for ever.",
                "RaftOptions.CachedBytes must be from 0 to 17179869184, but is -1.",
                "RaftOptions.CommandTimeout must be from 1 ms to 1 d, but is 0 s.",
                "RaftOptions.JoinTimeout must be from 1 ms to 1 d, but is -1 s.",
                "RaftOptions.MessageTimeout must be from 1 ms to 1 d, but is 2 d.",
                "RaftOptions.MaximumPendingPerNode must be from 1 to 10000000, but is 0.",
                "RaftOptions.MaximumPendingBytesPerNode (511) must not be smaller than MaximumCommandBytes (0) and 512 B, or the largest commands are refused for ever.",
                "RaftOptions.MaximumPendingBytesPerSilo must be from 1 to 17179869184, but is 17179869185.",
                "RaftOptions.SessionTimeout must be from 1 s to 1 d, but is 999 ms.",
                "RaftOptions.MaximumSessions must be from 1 to 1000000, but is 0.",
                "RaftOptions.MaximumSessionResults must be from 1 to 100000, but is 0.",
                "RaftOptions.MaximumSessionResultBytes must be from 0 to 1073741824, but is -1.",
            ],
            Problems(options));
    }

    [Fact]
    public void A_declared_group_needs_a_name_and_an_odd_number_of_members()
    {
        var options = new RaftOptions();
        options.Groups["orders"] = new GroupDeclaration();
        options.Groups["kv/even"] = new GroupDeclaration { Members = 4 };
        options.Groups["kv/good"] = new GroupDeclaration { Members = 9 };
        Assert.Equal(
            [
                "RaftOptions.Groups: 'orders' is no group name: it must be '{machine}/{name}', for instance 'kv/orders'.",
                "RaftOptions.Groups['kv/even'].Members must be 1, 3, 5, 7 or 9, but is 4: an even number survives no more losses than one less.",
            ],
            Problems(options));
    }

    [Fact]
    public void A_declared_group_needs_a_machine_that_is_registered()
    {
        var options = new RaftOptions();
        options.Groups["carts/one"] = new GroupDeclaration();
        options.Groups["kv/one"] = new GroupDeclaration();
        var problems = new DeclaredMachines([new MachineRegistration("kv", typeof(KeyValueMachine), _ => new KeyValueMachine(), typeof(RaftNodeGrain))]).Validate(null, options).Failures;
        Assert.StartsWith("RaftOptions.Groups: 'carts/one' needs a state machine registered as 'carts'. Registered are: kv.", Assert.Single(problems!), StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_in_metrics_are_names_of_groups_and_not_too_many()
    {
        Assert.Empty(Problems(new RaftOptions { GroupsInMetrics = " kv/orders, kv/carts," }));
        Assert.StartsWith("RaftOptions.GroupsInMetrics: ", Assert.Single(Problems(new RaftOptions { GroupsInMetrics = "kv/orders,orders" })), StringComparison.Ordinal);
        Assert.Equal(
            ["RaftOptions.GroupsInMetrics must name at most 100 groups, but names 101: each has time series of its own."],
            Problems(new RaftOptions { GroupsInMetrics = string.Join(',', Enumerable.Range(0, 101).Select(number => $"kv/{number}")) }));
    }

    [Fact]
    public void The_settings_and_timings_of_the_protocol_are_the_options()
    {
        var options = new RaftOptions
        {
            Heartbeat = TimeSpan.FromMilliseconds(1),
            ElectionMin = TimeSpan.FromMilliseconds(2),
            ElectionMax = TimeSpan.FromMilliseconds(3),
            Threshold = 0.4,
            MaximumCommandBytes = 5,
            MaximumBytesPerAppend = 6,
            MaximumAppendsInFlight = 7,
            MaximumUncommittedBytes = 8,
            CachedBytes = 9,
        };
        var (timings, settings) = (options.Timings(), options.Settings());
        Assert.Equal((options.Heartbeat, options.ElectionMin, options.ElectionMax, 0.4), (timings.Heartbeat, timings.ElectionMin, timings.ElectionMax, timings.Threshold));
        Assert.Equal((5, 6, 7), (settings.MaximumCommandBytes, settings.MaximumBytesPerAppend, settings.MaximumAppendsInFlight));
        Assert.Equal((8, 9), (settings.MaximumUncommittedBytes, settings.CachedBytes));
    }

    [Fact]
    public void The_limits_of_sessions_are_the_options()
    {
        var options = new RaftOptions { SessionTimeout = TimeSpan.FromSeconds(5), MaximumSessions = 6, MaximumSessionResults = 7, MaximumSessionResultBytes = 8 };
        Assert.Equal(new SessionLimits(5000, 6, 7, 8), options.SessionLimits());
    }

    private static IEnumerable<string> Problems(RaftOptions options) => new RaftOptionsValidator().Validate(null, options).Failures ?? [];
}
