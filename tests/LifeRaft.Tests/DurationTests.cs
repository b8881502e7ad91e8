using System.Globalization;
using CsCheck;
using Xunit;

namespace LifeRaft.Tests;

public sealed class DurationTests
{
    [Theory]
    [InlineData("10 ms", 10)]
    [InlineData("200 millisecond", 200)]
    [InlineData("200 milliseconds", 200)]
    [InlineData("1 second", 1000)]
    [InlineData("1s", 1000)]
    [InlineData("1.5 s", 1500)]
    [InlineData(".5 s", 500)]
    [InlineData("2 min", 120_000)]
    [InlineData("1 minute", 60_000)]
    [InlineData("3 m", 180_000)]
    [InlineData("1 h", 3_600_000)]
    [InlineData("2 days", 172_800_000)]
    [InlineData("500us", 0.5)]
    [InlineData("500 \u00b5s", 0.5)]
    [InlineData("500 \u03bcs", 0.5)]
    [InlineData("  150\tMS ", 150)]
    [InlineData("2 Minutes", 120_000)]
    [InlineData("0 s", 0)]
    [InlineData("00:00:01.5", 1500)]
    [InlineData("00:00:00.150", 150)]
    [InlineData("1.02:00:00", 93_600_000)]
    [InlineData("1:30", 5_400_000)]
    public void A_number_with_a_unit_and_a_TimeSpan_with_colons_are_read_in_both_places(string text, double milliseconds)
    {
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Duration.ParseSetting(text));
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Duration.ParseArgument(text));
    }

    [Theory]
    [InlineData("150", 150)]
    [InlineData(" 0 ", 0)]
    [InlineData("0.5", 0.5)]
    public void A_number_alone_is_milliseconds_in_a_configuration(string text, double milliseconds) =>
        Assert.Equal(TimeSpan.FromMilliseconds(milliseconds), Duration.ParseSetting(text));

    [Theory]
    [InlineData("5")]
    [InlineData("0")]
    [InlineData("1.5")]
    public void A_number_alone_is_an_error_on_a_command_line_that_says_to_add_a_unit(string text)
    {
        var failure = Assert.Throws<FormatException>(() => Duration.ParseArgument(text));
        Assert.Equal(
            $"'{text}' is no duration: it has no unit; add one, for instance 'ms' or 's'. Write for instance '150 ms', '1.5 s', '2 min' or '00:00:01.5'.",
            failure.Message);
    }

    [Theory]
    [InlineData(null, "is empty")]
    [InlineData("", "is empty")]
    [InlineData("  ", "is empty")]
    [InlineData("-5 ms", "is negative")]
    [InlineData("-00:00:01", "is negative")]
    [InlineData("fast", "does not begin with a number")]
    [InlineData("ms", "does not begin with a number")]
    [InlineData(". s", "does not begin with a number")]
    [InlineData("1.2.3 s", "does not begin with a number")]
    [InlineData("+5 ms", "does not begin with a number")]
    [InlineData("10 parsecs", "has the unit 'parsecs', which is none of us, ms, s, min, h, d")]
    [InlineData("1,5 s", "has the unit ',5 s'")]
    [InlineData("1e3 ms", "has the unit 'e3 ms'")]
    [InlineData("1 h 30 min", "has the unit 'h 30 min'")]
    [InlineData("\u0663 s", "does not begin with a number")]
    [InlineData("1:2:3:4:5", "has colons")]
    [InlineData("24:00:00", "has colons")]
    [InlineData("99999999999 h", "is longer than the longest duration")]
    [InlineData("10675200 d", "is longer than the longest duration")]
    [InlineData("99999999999999999999999999999999999999 us", "is longer than the longest duration")]
    public void What_is_no_duration_is_refused_with_the_value_the_reason_and_examples(string? text, string reason)
    {
        foreach (var parse in new Func<string?, TimeSpan>[] { Duration.ParseSetting, Duration.ParseArgument })
        {
            var failure = Assert.Throws<FormatException>(() => parse(text));
            Assert.StartsWith($"'{text}' is no duration: it {reason}", failure.Message, StringComparison.Ordinal);
            Assert.EndsWith("Write for instance '150 ms', '1.5 s', '2 min' or '00:00:01.5'.", failure.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_culture_of_the_thread_does_not_matter()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
            commas.NumberFormat.NumberDecimalSeparator = ",";
            CultureInfo.CurrentCulture = commas;
            Assert.Equal(TimeSpan.FromSeconds(1.5), Duration.ParseSetting("1.5 s"));
            Assert.Equal("1.5 s", Duration.Format(TimeSpan.FromSeconds(1.5)));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(1, "0.1 us")]
    [InlineData(5_000, "500 us")]
    [InlineData(1_500_000, "150 ms")]
    [InlineData(15_000_000, "1.5 s")]
    [InlineData(12_340_000, "1.234 s")]
    [InlineData(12_345_000, "1234.5 ms")]
    [InlineData(750_000_000, "75 s")]
    [InlineData(1_200_000_000, "2 min")]
    [InlineData(36_000_000_000, "1 h")]
    [InlineData(864_000_000_000, "1 d")]
    [InlineData(-1_500_000, "-150 ms")]
    public void A_duration_is_written_in_the_largest_unit_that_needs_few_decimals(long ticks, string expected) =>
        Assert.Equal(expected, Duration.Format(new TimeSpan(ticks)));

    [Fact]
    public void What_is_written_is_read_back_as_the_same()
    {
        var anyTicks = Gen.OneOf(Gen.Long[0, long.MaxValue], Gen.Long[0, 100_000], Gen.Long[0, 1_000_000].Select(number => number * 10_000));
        anyTicks.Sample(ticks =>
        {
            var text = Duration.Format(new TimeSpan(ticks));
            Assert.Equal(ticks, Duration.ParseSetting(text).Ticks);
            Assert.Equal(ticks, Duration.ParseArgument(text).Ticks);
        });
    }

    [Fact]
    public void The_longest_duration_can_be_written_and_read() =>
        Assert.Equal(TimeSpan.MaxValue, Duration.ParseArgument(Duration.Format(TimeSpan.MaxValue)));
}
