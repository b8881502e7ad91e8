namespace LifeRaft.Cli.Tests.Status;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(0.05, "50 us")]
    [InlineData(0.354, "0.35 ms")]
    [InlineData(3.14159, "3.1 ms")]
    [InlineData(41.6, "42 ms")]
    [InlineData(999.4, "999 ms")]
    [InlineData(999.6, "1 s")]
    [InlineData(3_210, "3.2 s")]
    [InlineData(75_000, "75 s")]
    [InlineData(300_000, "5 min")]
    [InlineData(7_200_000, "2 h")]
    [InlineData(259_200_000, "3 d")]
    public void Durations_have_as_many_digits_as_matter(double milliseconds, string text) => Assert.Equal(text, Figures.Of(TimeSpan.FromMilliseconds(milliseconds)));

    [Fact]
    public void What_is_not_known_is_a_dash() => Assert.Equal(("-", "-", "-"), (Figures.Of((TimeSpan?)null), Figures.Of((long?)null), Figures.PerSecond(null)));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(0.25, "0.3")]
    [InlineData(12.4, "12")]
    [InlineData(12_345, "12,345")]
    public void Rates_have_a_decimal_where_they_are_small(double rate, string text) => Assert.Equal(text, Figures.PerSecond(rate));

    [Fact]
    public void Things_are_counted_in_English() => Assert.Equal(("0 silos", "1 silo", "1,000 silos"), (Figures.Count(0, "silo"), Figures.Count(1, "silo"), Figures.Count(1000, "silo")));
}
